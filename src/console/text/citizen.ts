import type { CitizenWait, DossierStatus, DueState } from '../generated/graphql.js'

/** Texts of the citizens' page, both languages: they are few. What the gateway says in sentences is Vietnamese; in English the page says the same by its codes. */
export const vi = {
  office: 'Một cửa - đất đai',
  title: 'Tra cứu hồ sơ đất đai',
  lead: 'Nhập mã hồ sơ và bốn số cuối giấy tờ của người đứng tên nộp. Trang này không hiện thông tin cá nhân.',
  code: 'Mã hồ sơ',
  codeHint: 'In trên giấy tiếp nhận, ví dụ H58.22-260315-0001.',
  digits: 'Bốn số cuối',
  digitsHint: 'Của số định danh (CCCD), hộ chiếu hoặc mã số thuế.',
  send: 'Tra cứu',
  sending: 'Đang tra cứu…',
  noCode: 'Xin nhập mã hồ sơ in trên giấy tiếp nhận.',
  noDigits: 'Xin nhập đúng bốn chữ số.',
  offline: 'Chưa nối được tới máy chủ. Xin xem lại mạng rồi thử lại.',
  broken: 'Hệ thống đang bận hoặc gặp lỗi. Xin thử lại sau ít phút.',
  dossier: 'Hồ sơ',
  status: 'Trạng thái',
  due: 'Ngày hẹn trả',
  waiting: 'Đang chờ',
  next: 'Việc tiếp theo',
  trouble: 'Vướng mắc',
  procedure: 'Thủ tục',
  unit: 'Nơi tiếp nhận',
  received: 'Ngày tiếp nhận',
  asOf: 'Thông tin tính đến',
  dueState: {
    NOT_STARTED: '',
    RUNNING: '',
    OVERDUE: 'đã quá hẹn, xin lỗi ông/bà vì sự chậm trễ',
    SUSPENDED: 'tạm dừng tính thời hạn',
    ENDED: '',
  } satisfies Record<DueState, string>,
}

export type CitizenTexts = typeof vi

export const en: CitizenTexts = {
  office: 'One-stop office - land',
  title: 'Look up a land dossier',
  lead: 'Enter the dossier code and the last four digits of the applicant’s document. This page shows no personal data.',
  code: 'Dossier code',
  codeHint: 'Printed on the receipt, such as H58.22-260315-0001.',
  digits: 'Last four digits',
  digitsHint: 'Of the identity number (CCCD), passport or tax number.',
  send: 'Look up',
  sending: 'Looking up…',
  noCode: 'Enter the dossier code printed on the receipt.',
  noDigits: 'Enter exactly four digits.',
  offline: 'The server cannot be reached. Check the network and try again.',
  broken: 'The system is busy or out of order. Try again in a few minutes.',
  dossier: 'Dossier',
  status: 'Status',
  due: 'Promised for',
  waiting: 'Waiting for',
  next: 'What comes next',
  trouble: 'Trouble',
  procedure: 'Procedure',
  unit: 'Handed in at',
  received: 'Received on',
  asOf: 'As of',
  dueState: { NOT_STARTED: '', RUNNING: '', OVERDUE: 'overdue, we apologise', SUSPENDED: 'the clock is stopped', ENDED: '' },
}

export const EN_STATUS: Record<DossierStatus, string> = {
  SUBMITTED: 'Handed in',
  ACCEPTED: 'Accepted',
  NOT_ACCEPTED: 'Not accepted',
  IN_PROGRESS: 'In progress',
  SUPPLEMENT_REQUIRED: 'Further papers required',
  FINANCIAL_OBLIGATION_REQUIRED: 'Financial obligation to be met',
  WITHDRAWN_BY_APPLICANT: 'Withdrawn by the applicant',
  STOPPED: 'Stopped',
  COMPLETED: 'Completed',
  RESULT_RETURNED: 'Result handed out',
}

/** Who is waited for, and what the applicant may do. */
export const EN_WAITING: Record<CitizenWait, readonly [waiting: string, next: string]> = {
  DESK: ['The one-stop desk is looking at the dossier.', 'Nothing to do yet.'],
  REGISTRY: ['The land registry office is working on the dossier.', 'Nothing to do yet.'],
  TAX: [
    'The notice of the tax authority. The clock is stopped meanwhile.',
    'Pay as the notice says when it comes; if you have it already, tell the desk.',
  ],
  APPLICANT: [
    'You: to hand in papers, to pay, or to fetch the result, as the status says.',
    'See the paper you were given, or ask at the desk.',
  ],
  INTERLINK: [
    'Information does not get through between the authorities’ systems. It is no fault of yours.',
    'You need not hand anything in again. Ask at the desk when the promised day is near.',
  ],
  NOBODY: ['Nothing: the dossier is closed.', 'Nothing to do.'],
}

export const EN_FAILED =
  'No dossier fits this code and these four digits. Look at the receipt again; the digits are those of the identity number, passport or tax number of the person who handed it in. Applicants without such a number ask at the desk.'
export const EN_TROUBLE = 'Some information about the dossier is late on its way between the authorities’ systems.'
export const enTooOften = (seconds: number): string =>
  `Looked up too often. Try again in ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`
