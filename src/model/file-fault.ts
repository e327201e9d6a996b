/**
 * Tệp không dùng được: why a file that somebody named cannot be read or written, in a sentence for the person at the terminal. The operating system's own text
 * (`ENOENT: no such file or directory, open '…'`) tells him nothing that the sentence does not.
 */
export class FileFault extends Error {
  override readonly name = 'FileFault'

  constructor(
    readonly path: string,
    readonly doing: 'READ' | 'WRITE',
    /** Of the operating system: `ENOENT`, `EACCES`. */
    readonly code: string,
  ) {
    super(describeFileFault({ path, doing, code }).vietnamese)
  }
}

interface Sentence {
  readonly vietnamese: string
  readonly english: string
}

const NO_RIGHT: Sentence = { vietnamese: 'tài khoản đang chạy lệnh không có quyền', english: 'the account that runs this has no right to' }

const WHY: Readonly<Record<string, Sentence>> = {
  ENOENT: { vietnamese: 'không có tệp hoặc thư mục này', english: 'there is no such file or folder' },
  ENOTDIR: { vietnamese: 'một phần của đường dẫn không phải là thư mục', english: 'a part of the path is no folder' },
  EISDIR: { vietnamese: 'đó là một thư mục, không phải tệp', english: 'it is a folder, not a file' },
  EACCES: NO_RIGHT,
  EPERM: NO_RIGHT,
  EROFS: { vietnamese: 'ổ đĩa chỉ cho đọc', english: 'the disk is read-only' },
  ENOSPC: { vietnamese: 'ổ đĩa đã đầy', english: 'the disk is full' },
  EMFILE: { vietnamese: 'máy đang mở quá nhiều tệp, hãy thử lại', english: 'too many files are open, try again' },
  ENAMETOOLONG: { vietnamese: 'tên tệp quá dài', english: 'the name is too long' },
  ELOOP: { vietnamese: 'đường dẫn là liên kết vòng', english: 'the path is a circle of links' },
}

export const describeFileFault = ({ path, doing, code }: Pick<FileFault, 'path' | 'doing' | 'code'>): Sentence => {
  const why = Object.hasOwn(WHY, code) ? WHY[code] : undefined
  return {
    vietnamese: `Không ${doing === 'READ' ? 'đọc' : 'ghi'} được tệp "${path}": ${why?.vietnamese ?? `hệ điều hành báo lỗi ${code}`}.`,
    english: `The file "${path}" cannot be ${doing === 'READ' ? 'read' : 'written'}: ${why?.english ?? `the operating system says ${code}`}.`,
  }
}

/** What the operating system says of a file, as a fault of that file; anything else stays what it is. */
export const asFileFault = (error: unknown, path: string, doing: 'READ' | 'WRITE'): unknown =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? new FileFault(path, doing, error.code)
    : error
