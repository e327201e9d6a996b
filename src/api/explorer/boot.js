/**
 * Starts GraphiQL on this gateway, in the browser. What is typed, the token too, stays in this tab of the browser (sessionStorage) and goes
 * nowhere but to this gateway: as HTTP headers, and for subscriptions as `connectionParams` of graphql-ws.
 */
;(() => {
  self.MonacoEnvironment = {
    getWorker: (_module, label) =>
      new Worker(`/explorer/${label === 'json' || label === 'graphql' ? label : 'editor'}.worker.js`, { name: label }),
  }

  const storage = window.sessionStorage
  const REMEMBERED = 'lienthong:authorization'
  const TOKEN = '{\n  "Authorization": "Bearer "\n}'
  const HOW_TO = `# 1. Dán mã đăng nhập vào Headers, ngay sau "Bearer " (npm start in ra một mã cho mỗi vai trò): một lần cho mọi thẻ.
# 2. Bấm nút nạp lại lược đồ ở góc dưới bên trái (Shift-Ctrl-R): tài liệu của từng trường hiện ra.
# 3. Ctrl-Enter để chạy.
`
  const QUERIES = [
    `${HOW_TO}
query DanhSach($after: String) {
  dossiers(first: 5, after: $after, orderBy: DUE_AT_ASC) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { code statusLabel dueAt receivingUnit { name } interlink { state since } } }
  }
}
`,
    `# Một hồ sơ, với những gì ViLIS cho biết lúc này
query MotHoSo($code: String!) {
  dossier(code: $code) {
    code
    statusLabel
    applicant { fullName }
    parcels { mapSheetNumber parcelNumber live { areaM2 freshness { source asOf staleBecause } } }
    timeline { eventAt kind note }
  }
}
`,
    `# Theo dõi thay đổi qua WebSocket; nối lại với lastEventId thì không sót thay đổi nào
subscription TheoDoi($lastEventId: ID) {
  transferChanged(lastEventId: $lastEventId) {
    eventId
    transfer { systemId operation stateLabel dossier { code } }
  }
}
`,
  ]

  /** The token in the text of a headers editor; undefined for none, and for one that is half typed. */
  const authorizationIn = (text) => {
    try {
      const { Authorization, authorization = Authorization } = JSON.parse(text)
      return /^Bearer +\S/.test(authorization) ? authorization : undefined
    } catch {
      return undefined
    }
  }
  const headersOf = ({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.headers ?? ''

  /** Of the tab that is shown. A tab that gives no token has the one that was last typed in any. */
  let headers = ''
  const authorization = () => {
    const token = authorizationIn(headers) ?? storage.getItem(REMEMBERED)
    return token === null ? {} : { Authorization: token }
  }

  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    endpoint: '/graphql',
    title: 'Cổng liên thông đất đai',
    logo: '<span aria-hidden="true">◆</span>',
    storage,
    defaultTabs: QUERIES.map((query) => ({ query, headers: '' })),
    initialHeaders: storage.getItem('graphiql:headers') ?? (storage.getItem(REMEMBERED) === null ? TOKEN : ''),
    onEditHeaders: (text) => {
      headers = text
      const typed = authorizationIn(text)
      if (typed !== undefined) storage.setItem(REMEMBERED, typed)
    },
    onTabChange: (state) => {
      headers = headersOf(state)
    },
    // What a tab's own headers say comes over these. A part under @defer comes in its own time only to a client that says which form of it it reads.
    additionalHeaders: () => ({
      ...authorization(),
      accept: 'multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json',
    }),
    subscriptionsProtocol: 'WS',
    connectionParams: authorization,
  })
})()
