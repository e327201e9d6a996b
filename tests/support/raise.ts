/** For what is told of errors: in a test none is expected. */
export const raise = (error: unknown): never => {
  throw error
}
