import { type ValidatorOptions, validateSync } from 'class-validator'
import { ArgumentValidationError, type ValidatorFn } from 'type-graphql'

/** As type-graphql has them by itself: what is left out is no fault, nor is an input without any rule. The first fault of a field is told. */
const OPTIONS: ValidatorOptions = { skipMissingProperties: true, forbidUnknownValues: false, stopAtFirstError: true }

const check = (value: unknown): void => {
  if (value === null || typeof value !== 'object') return
  const faults = validateSync(value, OPTIONS)
  if (faults.length > 0) throw new ArgumentValidationError(faults)
}

/**
 * Applies an input's declared rules before its resolver runs, in place of type-graphql's own way, which imports class-validator anew for every single
 * argument. Our rules all answer at once: one that answers later would be passed over here.
 */
export const checkArgument: ValidatorFn = (value) => {
  if (Array.isArray(value)) value.forEach(check)
  else check(value)
}
