import { Alert, Badge, Card, type CSSVariablesResolver, createTheme, mergeThemeOverrides, Notification } from '@mantine/core'

/** System fonts, and letters dark enough on every colour. */
const FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'

const theme = createTheme({
  fontFamily: FONTS,
  headings: { fontFamily: FONTS },
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  respectReducedMotion: true,
  components: {
    // None is filled: its colour is seen in its border or its ground, its letters are those of the page.
    Alert: Alert.extend({ styles: { title: { color: 'var(--mantine-color-text)' } } }),
    Badge: Badge.extend({
      defaultProps: { variant: 'dot', tt: 'none', radius: 'sm', miw: 'max-content' },
      // As dark as the other colours it would not be seen on a dark page.
      vars: (_theme, { color }) => ({ root: color === 'gray' ? { '--badge-dot-color': 'var(--mantine-color-gray-6)' } : {} }),
    }),
    Card: Card.extend({ defaultProps: { withBorder: true, padding: 'md' } }),
    // The head of a dialog is not that of the page.
    ModalHeader: { defaultProps: { component: 'div' } },
  },
})

/** Mantine's red of what is wrong in a field is too pale on white, and too dark on a dark page, to be read by everybody. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-error': 'var(--mantine-color-red-9)' },
  dark: { '--mantine-color-error': 'var(--mantine-color-red-4)' },
})

/** With the name, in the language of the page, of the button by which each notice is closed. */
export const themeIn = (close: string) =>
  mergeThemeOverrides(theme, {
    components: { Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': close } } }) },
  })
