import { refusalSays as says } from './refusals-english.js'

/**
 * Lời từ chối that name more than their code (who, when, how many, which state) and are kept in no row: of acts on plans, batches, runs, alerts, systems, notes and letters, by the files that
 * write them; and what a typed value may not be (`src/api`). Read by `recorded-english.ts`.
 */
export const REFUSAL_SENTENCES: readonly (readonly [vietnamese: string, english: string])[] = [
  // Replay plans (`src/operator/act-on-replay-plan.ts`, `create-replay-plan.ts`).
  [
    'Kế hoạch đã thay đổi: {who} đã {planDone} lúc {at}, nay "{plan}". Hãy xem lại rồi làm tiếp.',
    'The plan has changed: {who} {planDone} at {at}, and it is now “{plan}”. Look again, then go on.',
  ],
  ['Không thể {planDeed} kế hoạch đang ở trạng thái "{plan}"{first}.', 'Nobody can {planDeed} a plan whose state is “{plan}”{first}.'],
  [
    'Lần chạy thử {since}, bên nhận nay có thể đã khác: {tryAgain}{next}.',
    'The dry run {since}, and the other side may differ by now: {tryAgain}{next}.',
  ],
  ['đã quá lâu', 'is too old'],
  ['từ {at}, quá {hours} giờ', 'of {at} is more than {hours} hours old'],
  [
    'Kế hoạch được duyệt đã quá {hours} giờ: {tryAgain} và nhờ người thứ hai duyệt lại.',
    'The plan was approved more than {hours} hours ago: {tryAgain} and have a second person approve it anew.',
  ],
  [
    '{many} lượt của kế hoạch đã thay đổi từ lần chạy thử: {tryAgain} và nhờ người thứ hai duyệt lại.',
    '{many} transfers of the plan have changed since the dry run: {tryAgain} and have a second person approve it anew.',
  ],
  [
    'Điều kiện này khớp {over}{many} lượt liên thông, một kế hoạch chốt nhiều nhất {most}: hãy thu hẹp, ví dụ theo hệ thống, trạng thái, xã hoặc khoảng ngày lập.',
    'This filter matches {over}{many} transfers, and a plan takes {most} at most: narrow it, for instance by system, state, commune or day of making.',
  ],
  [
    'Chưa có điều kiện nào: kế hoạch sẽ chốt mọi lượt liên thông. Hãy cho ít nhất một điều kiện, hoặc nói rõ là muốn chốt mọi lượt.',
    says('NO_CONDITION'),
  ],
  // Batches of discrepancies (`act-on-discrepancy-batch.ts`, `create-discrepancy-batch.ts`).
  [
    'Đợt xử lý đã thay đổi ({who}, {at}), nay "{batch}". Hãy xem lại rồi làm tiếp.',
    'The batch has changed ({who}, {at}) and is now “{batch}”. Look again, then go on.',
  ],
  ['Không thể {planDeed} đợt xử lý đang ở trạng thái "{batch}".', 'Nobody can {planDeed} a batch whose state is “{batch}”.'],
  [
    'Điều kiện này khớp hơn {many} sai lệch, nhiều hơn một đợt được chứa: hãy thu hẹp.',
    'This filter matches more than {many} discrepancies, more than a batch takes: narrow it.',
  ],
  [
    'Nay có {many} sai lệch đúng điều kiện, khi xem trước là {most}: hãy xem trước lại rồi quyết định.',
    'Now {many} discrepancies match, and there were {most} when you looked: look again, then decide.',
  ],
  // Runs of the reconciliation (`act-on-reconciliation.ts`, `src/model/reconciliation-run.ts`).
  [
    'Lượt đối soát đã thay đổi ({who}, {at}), nay "{run}". Hãy xem lại rồi làm tiếp.',
    'The run has changed ({who}, {at}) and is now “{run}”. Look again, then go on.',
  ],
  ['Không thể {planDeed} lượt đối soát đang ở trạng thái "{run}".', 'Nobody can {planDeed} a run whose state is “{run}”.'],
  [
    'Một lượt đối soát "{scope}" chưa kết thúc: hãy chờ, hoặc hủy lượt đó trước.',
    'A run of “{scope}” is not over: wait for it, or cancel it first.',
  ],
  [
    'Khoảng ngày tiếp nhận dài nhất 20 năm ({place} ngày), không phải {days} ngày: hãy xem lại năm.',
    'A range of days of reception spans 20 years at most ({place} days), not {days} days: look at the year again.',
  ],
  // Alerts and their channels (`acknowledge-alert-repository.ts`, `test-alert-channels-repository.ts`).
  ['Cảnh báo này đã hết lúc {at}.', 'This alert was over at {at}.'],
  ['Cảnh báo này đã được {who} nhận xử lý lúc {at}.', '{who} took this alert at {at}.'],
  ['Không có kênh "{channel}"; các kênh là: {channels}.', 'There is no channel “{channel}”; the channels are: {channels}.'],
  // Systems and their maintenance (`pause-system.ts`, `plan-maintenance.ts`, `src/model/maintenance.ts`, `system-limits.ts`).
  ['Hệ thống đã được tạm dừng trước đó bởi {who}.', 'The system was paused before by {who}.'],
  ['Hệ thống không ở trạng thái tạm dừng.', 'The system is not paused.'],
  [
    'Trùng với khung bảo trì từ {at} đến {until} do {who} lập: hãy kết thúc khung đó trước, hoặc chọn giờ khác.',
    'It overlaps the maintenance window from {at} to {until} that {who} has planned: end that one first, or choose other hours.',
  ],
  ['Một hệ thống có nhiều nhất {place} khung bảo trì chưa qua.', 'A system has at most {place} maintenance windows that are not over.'],
  ['Khung bảo trì này đã được {who} kết thúc.', '{who} has ended this maintenance window.'],
  ['Khung bảo trì này đã qua.', 'This maintenance window is over.'],
  ['Giờ kết thúc phải sau giờ bắt đầu.', 'The window has to end after it begins.'],
  [
    'Giờ bắt đầu đã qua: hãy để trống nếu bảo trì từ lúc này.',
    'The window would have begun already: leave that field empty for maintenance from now on.',
  ],
  [
    'Một khung bảo trì dài nhất {place} giờ. Lâu hơn thì hãy tạm dừng hệ thống, rồi cho chạy lại khi xong.',
    'A maintenance window lasts {place} hours at most. For longer, pause the system and resume it when all is done.',
  ],
  ['Khung bảo trì chỉ lập trước nhiều nhất một năm.', 'A maintenance window is planned a year ahead at most.'],
  [
    'Hãy cho ít nhất một giới hạn: số yêu cầu mỗi giây hoặc số lượt cùng lúc.',
    'Give one limit at least: requests a second, or calls at once.',
  ],
  ['Số yêu cầu mỗi giây phải từ 0,1 đến 100.000.', 'Requests a second go from 0.1 to 100,000.'],
  ['Số lượt cùng lúc phải từ 1 đến 10.000.', 'Calls at once go from 1 to 10,000.'],
  ['Số lượt cùng lúc phải là số nguyên.', 'Calls at once have to be a whole number.'],
  // Transfers, notes of causes, feeds, letters.
  [
    'Lượt này đã thay đổi lúc {at}, nay ở trạng thái "{state}"{replaced}: hãy xem lại rồi quyết định.',
    'This transfer changed at {at}, and its state is now “{state}”{replaced}: look again, then decide.',
  ],
  [
    'Nguồn vừa báo nội dung khác trong lúc sửa: hãy xem lại rồi sửa trên nội dung mới.',
    'Its source has told other content while it was being amended: look again, then amend what is new.',
  ],
  ['Lượt này không có nội dung sửa nào đang chờ duyệt{because}.', 'No amended content of this transfer awaits approval{because}.'],
  [
    'Ghi chú đã được {who} sửa{when}: hãy đọc ghi chú mới rồi ghi lại.',
    'The note was changed by {who}{when}: read the new one, then write yours.',
  ],
  ['người khác', 'somebody else'],
  [
    'Đang đọc lại dòng thay đổi từ đầu: hãy chờ đọc xong rồi xóa cảnh báo.',
    'The feed is being read again from its start: wait until it was read, then clear the alarm.',
  ],
  ['Ngày hẹn lại phải sau ngày đã hẹn ({at}).', 'The new date has to be later than the one that was promised ({at}).'],
  [
    'Hồ sơ đã rút hoặc không được tiếp nhận: không có kết quả để hẹn lại.',
    'The dossier was withdrawn or not taken: there is no result to promise anew.',
  ],
  ['Kết quả đã có đúng hạn: không phải xin lỗi.', 'The result was there in time: no letter is needed.'],
  [
    'Kết quả đã được trả cho người nộp: không còn ngày để hẹn lại.',
    'The result was handed out to the applicant: there is no date to promise anew.',
  ],
  // What cannot be found or done at all (`src/errors.ts`, `src/api`).
  ['Không tìm thấy {thing}{which}.', 'This was not found, or is not yours to see: {thing}{which}.'],
  [
    '{said} Chưa sửa gì, sai lệch còn nguyên: hãy thử lại khi đọc lại được.',
    '{said} Nothing was repaired, the discrepancy is as it was: try again when they can be read.',
  ],
  [
    'Hệ thống gặp lỗi ngoài dự kiến. Vui lòng thử lại hoặc báo mã {code} cho bộ phận hỗ trợ.',
    'Something unforeseen went wrong. Try again, or tell the technicians the reference {code}.',
  ],
  // What a typed value may not be.
  ['{input} dài từ {least} đến {most} ký tự.', '{input}: from {least} to {most} characters.'],
  ['{input} dài nhất {most} ký tự.', '{input}: at most {most} characters.'],
  ['{input} không đúng dạng.', '{input} is not of the right form.'],
  ['{input} không đúng dạng, ví dụ {example}.', '{input} is not of the right form; one that is: {example}.'],
  ['Giờ phải có dạng HH:mm, ví dụ {example}.', 'An hour has the form HH:mm, for instance {example}.'],
  ['Nhịp gửi phải từ 0,01 đến 1000 lượt mỗi giây.', 'At most a second: from 0.01 to 1000 transfers.'],
  ['Tỷ lệ lỗi phải từ 0 đến 1.', 'The share of failures goes from 0 to 1.'],
  ['Số lượt phải từ 1 đến 10000.', 'The number of results goes from 1 to 10000.'],
  ['Số sai lệch phải từ 1.', 'The number of discrepancies begins at 1.'],
  ['Khung giờ chạy cần cả giờ bắt đầu và giờ kết thúc.', 'The daily hours need both their beginning and their end.'],
  [
    'Giờ kết thúc của khung giờ chạy phải khác giờ bắt đầu; để chạy cả ngày thì bỏ khung giờ.',
    'The daily hours must end at another time than they begin; to run all day, leave them out.',
  ],
  ['Khoảng ngày tiếp nhận cần cả ngày bắt đầu và ngày kết thúc.', 'The days of reception need both the first and the last one.'],
  ['Chọn nhiều nhất 1000 lượt; nhiều hơn thì dùng điều kiện.', 'Choose 1000 transfers at most; for more use a filter.'],
  ['Hãy chọn ít nhất một lượt.', 'Choose one transfer at least.'],
  ['Tìm theo nhiều nhất 100 nguyên nhân.', 'Search by 100 causes at most.'],
]

/** Trường, by the names that a sentence begins with. */
export const INPUTS = {
  'Khóa chống gửi lặp': 'Client key',
  'Lý do': 'Reason',
  'Tên kế hoạch': 'Name of the plan',
  'Tên kênh': 'Name of the channel',
  'Ghi chú': 'Note',
  'Cách xử lý': 'Remedy',
  'Tên hoặc số giấy tờ cần tìm': 'Name or ID number',
  'Nội dung cần tìm': 'Text',
  'Lời tra cứu': 'Text',
  'Người thực hiện': 'Person',
  'Mã tham chiếu': 'Reference',
  'Mã vết': 'Trace',
  'Mã hồ sơ': 'Dossier code',
  'Mã xã': 'Commune code',
  'Tên xã': 'Commune',
  'Mã thủ tục': 'Procedure code',
  'Số phát hành': 'Serial number',
  'Số phát hành giấy chứng nhận': 'Serial number of the certificate',
  'Số hiệu tờ bản đồ': 'Map sheet',
  'Số thứ tự thửa': 'Parcel number',
  'Mã lượt liên thông': 'Transfer id',
  'Mã lượt đối soát': 'Run id',
  'Mã đợt xử lý': 'Batch id',
  'Mã sai lệch': 'Discrepancy id',
  'Mã nguyên nhân': 'Cause id',
  'Mã kế hoạch': 'Plan id',
  'Mã cảnh báo': 'Alert id',
  'Mã thông điệp': 'Message id',
  'Mã lần thử': 'Attempt id',
  'Khóa của khung bảo trì': 'Maintenance window',
} as const

/** What was not found. */
export const THINGS = {
  'kế hoạch gửi lại này': 'this replay plan',
  'lượt liên thông này': 'this transfer',
  'lượt đối soát này': 'this run',
  'sai lệch đối soát này': 'this discrepancy',
  'đợt xử lý sai lệch này': 'this batch',
  'cảnh báo này': 'this alert',
  'nguyên nhân này': 'this cause',
  'thông điệp này': 'this message',
  'lần thử này': 'this attempt',
  'hồ sơ này': 'this dossier',
  'phiếu này': 'this letter',
  'hồ sơ của lượt liên thông': 'the dossier of the transfer',
  'nội dung sửa của lượt liên thông này': 'amended content of this transfer',
  'kế hoạch gửi lại': 'replay plan',
  'lượt liên thông': 'transfer',
  'lượt đối soát': 'run',
  'sai lệch đối soát': 'discrepancy',
  'khung bảo trì': 'maintenance window',
  'cảnh báo': 'alert',
  'nguyên nhân': 'cause',
  'lần thử': 'attempt',
  'hệ thống': 'system',
  'hồ sơ': 'dossier',
  'giấy chứng nhận': 'certificate',
  'xã có mã': 'commune',
} as const
