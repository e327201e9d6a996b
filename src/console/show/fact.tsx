import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './fact.module.css'

/** A name and its value, in a list of such (`Facts`). What is not known is left out. */
export const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) =>
  children === null || children === undefined || children === '' || children === false ? null : (
    <div className={classes.fact}>
      <Text component="dt" size="xs" className={classes.name}>
        {name}
      </Text>
      <Text component="dd" size="sm" className={classes.value}>
        {children}
      </Text>
    </div>
  )

export const Facts = ({ children }: { readonly children: ReactNode }) => <dl className={classes.facts}>{children}</dl>
