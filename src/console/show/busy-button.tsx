import { Button, type ButtonProps } from '@mantine/core'
import type { ComponentProps } from 'react'

interface BusyButtonProps extends Omit<ButtonProps, 'loading'> {
  readonly busy: boolean
  readonly type?: 'submit'
  readonly onClick?: () => void
}

/**
 * A button that keeps the focus while what it began runs, and does nothing meanwhile. Disabled, as `loading` alone has it, it would lose the focus to the
 * page, and a dialog to the page behind it.
 */
export const BusyButton = ({ busy, disabled, onClick, ...props }: BusyButtonProps) => (
  <Button
    {...props}
    loading={busy}
    renderRoot={(root: ComponentProps<'button'>) => (
      <button
        {...root}
        disabled={disabled}
        aria-disabled={busy || undefined}
        aria-busy={busy || undefined}
        onClick={(event) => {
          if (busy) event.preventDefault()
          else onClick?.()
        }}
      />
    )}
  />
)
