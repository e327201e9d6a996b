import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { setNonce } from 'get-nonce'
import { Activity, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { BrowserRouter, Route, Routes } from 'react-router'
import { Provider } from 'urql'
import { openClient } from '../data/client.js'
import { forgetConnection } from '../data/connection.js'
import { carryOn, startLive } from '../data/live.js'
import { personOf, rightsOf, useSessionState } from '../session/session.js'
import { SignInPage } from '../session/sign-in-page.js'
import { loadPage } from '../show/load-page.js'
import { ErrorBoundary } from './error-boundary.js'
import { Layout } from './layout.js'
import { NotFoundPage } from './not-found-page.js'
import { cssVariables, themeIn } from './theme.js'

const OverviewPage = loadPage(() => import('../overview/overview-page.js'))
const SystemsPage = loadPage(() => import('../systems/systems-page.js'))
const TransfersPage = loadPage(() => import('../transfers/transfers-page.js'))
const TransferPage = loadPage(() => import('../transfer/transfer-page.js'))
const DiscrepanciesPage = loadPage(() => import('../discrepancies/discrepancies-page.js'))
const DiscrepancyPage = loadPage(() => import('../discrepancies/discrepancy-page.js'))
const RunsPage = loadPage(() => import('../runs/runs-page.js'))
const RunPage = loadPage(() => import('../runs/run-page.js'))
const CausesPage = loadPage(() => import('../causes/causes-page.js'))
const PlansPage = loadPage(() => import('../plans/plans-page.js'))
const NewPlanPage = loadPage(() => import('../plans/new-plan-page.js'))
const PlanPage = loadPage(() => import('../plans/plan-page.js'))
const AlertsPage = loadPage(() => import('../alerts/alerts-page.js'))
const ReportsPage = loadPage(() => import('../reports/reports-page.js'))
const AuditPage = loadPage(() => import('../audit/audit-page.js'))
const DossierPage = loadPage(() => import('../dossier/dossier-page.js'))

/** Styles that libraries write themselves bear the nonce of the page; nothing else inline is let in. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
setNonce(nonce)

const SignedIn = ({ token }: { readonly token: string }) => {
  const { language } = useTranslation().i18n
  const client = useMemo(() => openClient(language), [language])
  useEffect(() => {
    const stop = startLive()
    return () => {
      stop()
      forgetConnection()
    }
  }, [])
  useEffect(() => carryOn(token, language), [token, language])
  return (
    <Provider value={client}>
      <Routes>
        <Route element={<Layout />}>
          <Route index element={<OverviewPage />} />
          <Route path="transfers" element={<TransfersPage />} />
          <Route path="transfers/:id" element={<TransferPage />} />
          <Route path="dossiers/:code" element={<DossierPage />} />
          <Route path="discrepancies" element={<DiscrepanciesPage />} />
          <Route path="discrepancies/:id" element={<DiscrepancyPage />} />
          <Route path="runs" element={<RunsPage />} />
          <Route path="runs/:id" element={<RunPage />} />
          <Route path="causes" element={<CausesPage />} />
          <Route path="causes/:id" element={<CausesPage />} />
          <Route path="plans" element={<PlansPage />} />
          <Route path="plans/new" element={<NewPlanPage />} />
          <Route path="plans/:id" element={<PlanPage />} />
          <Route path="systems" element={<SystemsPage />} />
          <Route path="alerts" element={<AlertsPage />} />
          <Route path="reports" element={<ReportsPage />} />
          <Route path="audit" element={<AuditPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Routes>
    </Provider>
  )
}

/** A renewed token changes nothing that is on the page; another person, or other rights, begin anew. */
const Gate = () => {
  const state = useSessionState()
  const person = personOf(state)
  return (
    <>
      {person && (
        <Activity mode={state.session ? 'visible' : 'hidden'}>
          <SignedIn key={rightsOf(person)} token={person.token} />
        </Activity>
      )}
      {state.session === null && <SignInPage because={state.because} fault={state.fault} isAbove={person !== undefined} />}
    </>
  )
}

export const App = () => {
  const { t } = useTranslation()
  const close = t('common.cancel')
  const theme = useMemo(() => themeIn(close), [close])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications position="bottom-right" autoClose={6_000} />
      <ErrorBoundary>
        <BrowserRouter basename="/console">
          <Gate />
        </BrowserRouter>
      </ErrorBoundary>
    </MantineProvider>
  )
}
