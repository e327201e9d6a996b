/**
 * Lời của biểu mẫu sửa nội dung, told in English: names of fields and groups (`body-fields.ts`), their limits (`field-limits.ts`), and what is wrong with a value
 * (`operator/read-field-value.ts`, `check-amendment.ts`), known again by their Vietnamese words.
 */
const NAMES: Readonly<Record<string, string>> = {
  'Loại đối tượng': 'Kind of applicant',
  'Công dân': 'Citizen',
  'Doanh nghiệp': 'Enterprise',
  'Cơ quan nhà nước': 'State body',
  'Tổ chức': 'Organisation',
  'Họ và tên, tên tổ chức': 'Full name, or name of the organisation',
  'Số giấy tờ': 'Identity number',
  'Số điện thoại': 'Telephone number',
  'Thư điện tử': 'E-mail',
  'Địa chỉ': 'Address',
  'Tên giấy tờ': 'Name of the paper',
  'Tên tập tin': 'File name',
  'Kiểu tập tin': 'File type',
  'Mã băm SHA-256': 'SHA-256 hash',
  'Kích thước': 'Size',
  'Số bản chính': 'Originals',
  'Số bản sao': 'Copies',
  'Mã hồ sơ': 'Dossier code',
  'Phiên bản tại nguồn': 'Version at its source',
  'Mã thủ tục': 'Procedure code',
  'Tên thủ tục': 'Procedure',
  'Đơn vị tiếp nhận': 'Receiving unit',
  'Kênh nộp': 'Channel',
  'Trực tiếp': 'In person',
  'Trực tuyến': 'Online',
  'Bưu chính': 'By post',
  'Người nộp': 'Applicant',
  'Trích yếu': 'Summary',
  'Ngày tiếp nhận': 'Received',
  'Ngày hẹn trả': 'Due date',
  'Ngày hẹn trả mới': 'New due date',
  'Cán bộ tiếp nhận': 'Receiving officer',
  'Thửa đất': 'Parcel',
  'Số hiệu tờ bản đồ': 'Map sheet',
  'Số thứ tự thửa': 'Parcel number',
  Xã: 'Commune',
  'Diện tích, m²': 'Area, m²',
  'Địa chỉ thửa đất': 'Address of the parcel',
  'Giấy chứng nhận': 'Certificate',
  'Số phát hành': 'Serial number',
  'Số vào sổ': 'Register number',
  'Giấy tờ': 'Paper',
  'Giấy tờ bổ sung': 'Supplementary paper',
  'Giấy tờ kết quả': 'Paper of the result',
  'Hồ sơ': 'Dossier',
  'Số thông báo': 'Notice number',
  'Tiểu mục': 'Budget item',
  'Họ tên người nộp': 'Name of the payer',
  'Số tiền, đồng': 'Amount, VND',
  'Địa chỉ văn bản': 'Address of the document',
  'Nghiệp vụ': 'Operation',
  'Phiên bản hồ sơ hợp nhất': 'Version of the unified dossier',
  'Thời điểm xảy ra': 'When it happened',
  'Trạng thái': 'Status',
  'Lần bổ sung': 'Supplement',
  'Cán bộ xử lý': 'Handling officer',
  'Nội dung bổ sung': 'What is supplemented',
  'Lý do rút': 'Reason for the withdrawal',
  'Hình thức trả': 'How it was handed out',
  'Tại quầy': 'At the desk',
  'Ghi chú': 'Note',
  'Nội dung xử lý': 'What was done',
  'Thông báo thuế': 'Tax notice',
  'Ngày kết thúc xử lý': 'Finished',
  'Ngày trả kết quả': 'Result handed out',
}

const SENTENCES: Readonly<Record<string, string>> = {
  'Mã xã phải có năm chữ số.': 'A commune’s code has five digits.',
  'Họ và tên dài từ 2 đến 200 ký tự, có chữ hoặc số.': 'A name has 2 to 200 characters, with letters or digits among them.',
  'Số giấy tờ gồm 5 đến 20 chữ hoặc số.': 'An identity number has 5 to 20 letters or digits.',
  'Số điện thoại gồm 8 đến 15 chữ số.': 'A telephone number has 8 to 15 digits.',
  'Địa chỉ thư điện tử có dạng ten@vidu.vn.': 'An e-mail address looks like name@example.vn.',
  'Địa chỉ dài nhất 300 ký tự.': 'An address has 300 characters at most.',
  'Số hiệu tờ bản đồ dài từ 1 đến 20 ký tự.': 'A map sheet has 1 to 20 characters.',
  'Số thứ tự thửa dài từ 1 đến 20 ký tự.': 'A parcel number has 1 to 20 characters.',
  'Diện tích phải là số thập phân không âm, ví dụ 120.50: nhiều nhất 12 chữ số trước và 4 chữ số sau dấu chấm.':
    'An area is a decimal number from 0, such as 120.50: at most 12 digits before and 4 after the point.',
  'Số phát hành dài nhất 20 ký tự.': 'A serial number has 20 characters at most.',
  'Số vào sổ dài nhất 50 ký tự.': 'A register number has 50 characters at most.',
  'Trích yếu dài nhất 1000 ký tự.': 'A summary has 1,000 characters at most.',
  'Tên tài khoản cán bộ dài từ 1 đến 100 ký tự.': 'An officer’s account has 1 to 100 characters.',
  'Ghi chú dài nhất 1000 ký tự.': 'A note has 1,000 characters at most.',
  'Lý do rút hồ sơ dài từ 3 đến 1000 ký tự.': 'A reason for a withdrawal has 3 to 1,000 characters.',
  'Tên giấy tờ dài từ 1 đến 300 ký tự.': 'The name of a paper has 1 to 300 characters.',
  'Tên tập tin dài từ 1 đến 255 ký tự và không chứa dấu gạch chéo.': 'A file name has 1 to 255 characters and no slash.',
  'Số tiền là số nguyên không âm, tính bằng đồng.': 'An amount is a whole number of VND from 0.',
  'Không được bỏ trống trường này.': 'This field may not be empty.',
  'Trường này không được sửa: nó cho biết lượt này là của hồ sơ nào, việc gì, hoặc do nguồn khác giữ.':
    'This field cannot be amended: it says of which dossier and of what this transfer is, or another source keeps it.',
  'Giá trị còn dấu che (***): hãy nhập lại đầy đủ.': 'The value is still masked (***): give it whole.',
  'Số phát hành không đúng mẫu, ví dụ CD 12345678.': 'A serial number looks like CD 12345678.',
  'Sớm hơn ngày tiếp nhận hồ sơ.': 'It lies before the reception of the dossier.',
  'Không có đơn vị hành chính mã này vào ngày tiếp nhận hồ sơ.': 'On the day of reception no administrative unit bears this code.',
  'Thời điểm phải theo ISO-8601 có múi giờ, ví dụ 2026-03-15T08:00:00+07:00.':
    'An instant is given by ISO-8601 with its offset, such as 2026-03-15T08:00:00+07:00.',
  'Năm phải từ 1900 đến 2199.': 'The year lies from 1900 to 2199.',
  'Nội dung của lượt này không có trường đó.': 'The content of this transfer has no such field.',
  'Trường này được cho hai giá trị.': 'This field is given two values.',
  'Hệ thống nhận đang tắt trong cấu hình: chưa kiểm tra được nội dung.':
    'The receiving system is switched off in the configuration: the content cannot be checked.',
}

const own = (table: Readonly<Record<string, string>>, words: string): string | undefined =>
  Object.hasOwn(table, words) ? table[words] : undefined

/** Of a field, a group (with its number), a choice. */
export const fieldNameInEnglish = (name: string): string => {
  const [, words = name, number = ''] = /^(.*?)( \d+)?$/.exec(name) ?? []
  return `${own(NAMES, words) ?? words}${number}`
}

const CHOICES = /^Chỉ nhận một trong: (.*)\.$/
const WHOLE = /^Phải là số nguyên từ 0 đến (\d+)\.$/
const NO_DAY = /^Ngày (.*) không có trong lịch\.$/

/** Of a limit, or of what is wrong with a value; undefined: it is said by somebody else. */
export const fieldFaultInEnglish = (sentence: string): string | undefined =>
  own(SENTENCES, sentence) ??
  (WHOLE.test(sentence) ? sentence.replace(WHOLE, 'It has to be a whole number from 0 to $1.') : undefined) ??
  (NO_DAY.test(sentence) ? sentence.replace(NO_DAY, 'There is no day $1 in the calendar.') : undefined) ??
  (CHOICES.test(sentence)
    ? sentence
        .replace(CHOICES, 'It has to be one of: $1.')
        .replace(/\(([^()]*)\)/g, (_all, name: string) => `(${fieldNameInEnglish(name)})`)
    : undefined)
