/** A reason not to go on that a person can act upon; its message is printed alone, without a stack. */
export class BootstrapError extends Error {
  name = 'BootstrapError'
}

/** Turns "may not write here" into a sentence; every other error stays what it is. */
export function explainUnwritable(error, folder) {
  if (!['EACCES', 'EPERM', 'EROFS'].includes(error?.code)) return error
  return new BootstrapError(
    `Không ghi được vào thư mục "${folder}": hãy chạy bằng tài khoản sở hữu thư mục đó. / The folder "${folder}" cannot be written: run as the account that owns it.`,
  )
}
