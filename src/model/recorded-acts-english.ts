import { refusalSays as says } from './refusals-english.js'

/** What became of rows of plans and batches, what runs wait for and what stops them, what a due date stands on, by the files that write it; read by `recorded-english.ts`. */
export const RECORDED_ACTS: readonly (readonly [vietnamese: string, english: string])[] = [
  // Rows of a plan, and why it stopped (`src/operator`).
  [
    '{failed} trên {settled} lượt đã có kết quả không thành ({share}), vượt mức {bound}.',
    '{failed} of {settled} settled transfers have failed ({share}), above the bound of {bound}.',
  ],
  ['Kế hoạch đã được hủy.', 'The plan was cancelled.'],
  ['Đã được thay bằng lượt mới hơn.', 'It was superseded by a newer one.'],
  ['Đã được hủy khi kế hoạch đang chạy.', 'It was given up while the plan was running.'],
  [
    'Bên nhận đã có từ trước: ghi nhận theo trả lời của họ, không gửi lại.',
    'The other side had it before: taken as delivered by their answer, not sent again.',
  ],
  ['Hệ thống nhận đang tắt trong cấu hình.', 'The receiving system is switched off in the configuration.'],
  [
    'Bên nhận đã có nội dung hiện nay: hãy xem ở đó rồi tự thay, hoặc xác nhận lượt này là đã có.',
    'The other side has the present content already: look there, then supersede it by hand, or confirm that it is there.',
  ],
  [
    'Bên nhận có hồ sơ này nhưng không cho biết nội dung: hãy xem ở đó rồi xác nhận lượt này là đã có, hoặc tự gửi lại.',
    'The other side has this dossier and does not tell its content: look there, then confirm that it is there, or send it again by hand.',
  ],
  ['Khi chạy thử, {forecast}: {said}', 'In the dry run, {forecast}: {said}'],
  ['Khi chạy thử, {forecast}', 'In the dry run, {forecast}.'],
  ['Nay đang ở trạng thái "{state}".', 'Its state is now “{state}”.'],
  [
    'Lượt đứng trước ({operation}) không nằm trong phần sẽ gửi của kế hoạch và đang ở trạng thái "{state}": hãy xử lý nó trước.',
    'The transfer before it ({operation}) is not among those that the plan will send, and its state is “{state}”: settle that one first.',
  ],
  [
    'Lượt đứng trước ({operation}) chưa qua và đang chờ người xử lý; lượt này tự đi khi lượt đó được xử lý.',
    'The transfer before it ({operation}) has not passed and waits for a person; this one goes by itself once that is settled.',
  ],
  ['Hỏi bên nhận mà chưa rõ: {said}', 'The other side was asked and it is not clear: {said}'],
  [
    'Lỗi nội bộ của cổng liên thông với riêng lượt này; chi tiết ở nhật ký.',
    'An internal fault of the gateway with this one alone; the log has the details.',
  ],
  ['Đã thay đổi từ khi chốt danh sách: không làm gì với lượt này.', 'Changed since the list was frozen: nothing is done with it.'],
  // What a run of the reconciliation waits for (`src/reconciliation`).
  ['Lỗi của cổng liên thông, sẽ thử lại.', 'A fault of the gateway; it will be tried again.'],
  ['Đang trong giờ không đối soát.', 'It is an hour in which nothing is compared.'],
  ['Chờ hết thời gian ân hạn rồi xem lại.', 'The time of grace has to pass before it is looked at again.'],
  ['Chưa đọc được {system}: {said}', '{system} could not be read yet: {said}'],
  ['cầu dao đang mở.', 'its breaker is open.'],
  ['hệ thống đang được tạm dừng.', 'it is paused.'],
  ['hệ thống đang bảo trì.', 'it is under maintenance.'],
  ['vị trí trang không tiến lên.', 'the places of its pages go round.'],
  ['trả lời về hồ sơ không được hỏi.', 'it answers about dossiers that were not asked for.'],
  ['chỉ trả lời một phần câu hỏi theo mã hồ sơ.', 'it answers a part of a question by codes alone.'],
  ['chỉ trả lời một phần câu hỏi theo nhóm.', 'it answers a part of a question by groups alone.'],
  ['Chưa đọc hết được dòng thay đổi.', 'The feed of changes could not be read to its end yet.'],
  ['Bên nhận có nội dung khác: {said}', 'The other side holds other content: {said}'],
  ['Chưa hỏi được bên nhận: {shut}.', 'The other side could not be asked: {shut}.'],
  // Refusals of acts, kept in the rows of plans and batches (`src/operator/act-rules.ts`, `supersede-transfer.ts`, `run-replay-plan.ts`).
  [
    'Chưa biết bên nhận đã có hay chưa: hãy xác nhận kết quả trước khi {deed}.',
    'It is not known whether the other side has it: confirm the outcome before you {deed} it.',
  ],
  [
    'Cơ sở dữ liệu đã được phục hồi, chưa biết bên nhận đã có hay chưa: hãy gửi lại lượt này, hệ thống sẽ hỏi bên nhận trước khi gửi.',
    'The database was restored, and it is not known whether the other side has it: replay it, and the other side is asked before anything is sent.',
  ],
  [
    'Không thể {deed} lượt liên thông đang ở trạng thái "{state}"{because}.',
    'Nobody can {deed} a transfer whose state is “{state}”{because}.',
  ],
  [
    'Lượt liên thông đang ở trạng thái "{state}"{because}, không có gì để xác nhận.',
    'The state of the transfer is “{state}”{because}: there is nothing to confirm.',
  ],
  [
    'Bên nhận chưa có hồ sơ này: hãy thay lượt giới thiệu đã hủy bằng lượt mới, hoặc xác nhận nó đã được nhập ở bên nhận, rồi lượt này tự đi.',
    says('PREDECESSOR_MISSING'),
  ],
  ['Nội dung đã được sửa và chưa được duyệt: một người vận hành khác phải duyệt trước khi gửi.', says('NEEDS_APPROVAL')],
  ['Nội dung sửa không được duyệt: hãy sửa lại, hoặc thay lượt này bằng nội dung hiện tại của nguồn.', says('AMENDMENT_DECLINED')],
  [
    'Bên nhận giữ tập tin khác với tập tin đã gửi, và hỏi lại không cho biết chắc đã sửa hay chưa: hãy xem ở bên nhận, rồi xác nhận là đã có (khi đủ tập tin) hoặc chưa có (khi hồ sơ đó đã được bỏ: lượt này được gửi lại).',
    says('FILES_DIFFER'),
  ],
  [
    'Nội dung không khác lượt cũ: hãy sửa ở hệ thống nguồn trước khi thay, hoặc gửi lại lượt này nếu lỗi ở bên nhận đã được sửa.',
    says('NOTHING_CHANGED'),
  ],
  ['Đã có lượt mới hơn đứng sau, mang nội dung mới hơn: không thay lượt này; hãy hủy nó để lượt mới được đi.', says('NEWER_BEHIND')],
  [
    '{what}, nộp qua ứng dụng nên không có nơi nào sửa được nội dung: hãy {again}, hoặc hủy nó sau khi người nộp đã nộp lần mới.',
    '{what} and was handed in by an application, so that its content can be corrected nowhere: replay it if the fault at the other side is mended, or give it up once the applicant has handed in anew.',
  ],
  [
    '{what}, và {system} chưa báo nội dung nào khác: hãy sửa và báo lại ở đó rồi thay, hoặc {again}.',
    '{what}, and {system} has told nothing else of it: correct it and tell it again there, then supersede, or replay it if the fault at the other side is mended.',
  ],
  ['Lượt này chuyển {fact} đã xảy ra', 'This transfer carries {fact}, which has happened'],
  ['Khi chạy thử bên nhận đã có, nay hỏi lại thì không chắc: hãy lập kế hoạch mới cho lượt này.', says('NOT_THERE_NOW')],
  [
    'Nội dung thay thế nay khác nội dung khi chạy thử, chưa ai xem và duyệt nội dung mới: không thay. Hãy lập kế hoạch mới cho lượt này.',
    'What would go in its place differs from what the dry run has shown, and nobody has seen and approved the new content: it was not superseded. Make a new plan for this transfer.',
  ],
  [
    'Lượt đứng trước ({operation}) chưa qua và đang chờ người xử lý.',
    'The transfer before it ({operation}) has not passed and waits for a person.',
  ],
  ['{actor} đã {done} lúc {at}, lượt thay nó là {successor}', '{actor} {done} at {at}; {successor} has its place now'],
  ['{actor} đã {done} lúc {at}', '{actor} {done} at {at}'],
  [
    'nguồn ({actor}) đã báo phiên bản mới hơn lúc {at}, lượt thay nó là {successor}',
    'its source ({actor}) told a newer version at {at}; {successor} has its place now',
  ],
  ['nguồn ({actor}) đã báo phiên bản mới hơn lúc {at}', 'its source ({actor}) told a newer version at {at}'],
  // Refusals of repairs (`src/reconciliation`, `src/operator/run-discrepancy-batch.ts`).
  ['Sai lệch này đã tự hết.', 'This discrepancy has gone by itself.'],
  ['Hãy ghi lý do bỏ qua: người xem sau cần biết vì sao.', says('REASON_MISSING')],
  [
    'Sai lệch này đã thay đổi lúc {at}{because}, nay "{found}": hãy xem lại rồi quyết định.',
    'This discrepancy changed at {at}{because} and is now “{found}”: look again, then decide.',
  ],
  [
    'Sai lệch này đã thay đổi và được xem lại lúc {at}; lần xử lý cuối lúc {instant} ({actor}), nay "{found}": hãy xem lại rồi quyết định.',
    'This discrepancy has changed; it was looked at again at {at}, was last acted on at {instant} ({actor}) and is now “{found}”: look again, then decide.',
  ],
  [
    'Sai lệch này đã thay đổi và được xem lại lúc {at}, nay "{found}": hãy xem lại rồi quyết định.',
    'This discrepancy has changed; it was looked at again at {at} and is now “{found}”: look again, then decide.',
  ],
  ['Bên kia không có hồ sơ này, nên không có gì để lấy về cổng liên thông.', says('NOTHING_THERE')],
  ['Bên kia giữ mã hồ sơ này nhiều lần: phải bỏ bản thừa ở đó, cổng liên thông không có gì để sửa.', says('TWICE_THERE')],
  ['Hai bên giống nhau, nên không có gì để sửa: hồ sơ đứng yên cần người đang giữ nó xử lý.', says('NOTHING_DIFFERS')],
  ['Không thể {repair} sai lệch đang ở trạng thái "{found}".', 'A discrepancy that is “{found}” cannot be {repair}.'],
  ['Lượt đối soát này đã được dừng: không tự sửa gì thêm.', says('RUN_HALTED')],
  ['Hồ sơ đang có thay đổi trên đường đi: hãy chờ lượt đối soát sau xem lại.', says('IN_FLIGHT')],
  ['Hồ sơ ở cổng liên thông đã khác so với lần đối soát gần nhất: hãy chờ lượt đối soát sau xem lại.', says('MOVED_ON')],
  [
    '{system} nay không được đối soát (cấu hình), nên không đọc lại được để sửa.',
    '{system} is not compared by this configuration, so it cannot be read again for a repair.',
  ],
  [
    '{system} có bản ghi của hồ sơ này mà nay không đọc được: không sửa theo điều đã thấy trước đó.',
    '{system} holds something of this dossier that cannot be read now: nothing is repaired by what was seen before.',
  ],
  [
    '{system}, đọc lại lúc {at}, nay lệch theo cách khác ({class}): chưa sửa gì, lượt đối soát sau xem lại.',
    '{system}, read again at {at}, differs in another way now ({class}): nothing was repaired, the next run looks again.',
  ],
  [
    '{system}, đọc lại lúc {at}, không còn sai lệch này: chưa sửa gì, lượt đối soát sau kiểm lại rồi đóng.',
    '{system}, read again at {at}, does not differ so any more: nothing was repaired, the next run looks again and closes it.',
  ],
  [
    '{system}, đọc lại lúc {at}, nay khác với điều đã thấy{because}: chưa sửa gì, hãy xem giá trị mới rồi quyết định.',
    '{system}, read again at {at}, is not what was seen{because}: nothing was repaired, look at the new values, then decide.',
  ],
  [
    'Theo bảng thẩm quyền, điều này không do {system} quyết định: không sửa ở cổng liên thông theo bên đó.',
    'By the table of authority this is not for {system} to decide: it is not taken over here.',
  ],
  [
    'Theo bảng thẩm quyền, điều này do {system} quyết định: không gửi đè lên.',
    'By the table of authority this is for {system} to decide: it is not sent over what they hold.',
  ],
  [
    'Bản ghi đối soát của {system} không đủ để sửa điều này ở cổng liên thông: cần {again} báo lại đầy đủ.',
    'What {system} tells when it is compared is too little to mend this here: it has to be told in full.',
  ],
  ['Cổng liên thông không áp dụng được điều {system} đang có: {said}', 'What {system} holds cannot be applied here: {said}'],
  ['Cổng liên thông không có hồ sơ này, nên không có gì để gửi sang.', says('NOT_HERE')],
  [
    'Không có nghiệp vụ nào để sửa điều này ở {system}: hãy sửa tại đó, hoặc ở cổng liên thông.',
    'No operation mends this at {system}: mend it there, or here.',
  ],
  [
    'Còn lượt liên thông tới {system} chưa xong hoặc đang chặn: hãy xử lý lượt đó trước.',
    'A transfer to {system} is not done or blocks: handle it first.',
  ],
  [
    'Tuyến "{route}" hôm nay không ở chế độ gửi (LIVE), nên không gửi sang {system}.',
    'The route “{route}” does not send today (it is not LIVE), so nothing goes to {system}.',
  ],
  [
    'Hôm nay đã tự sửa đủ {count} sai lệch loại này theo hướng này.',
    'Today {count} discrepancies of this class were repaired by rule in this direction, which is the most.',
  ],
  // What the inbox would not apply (`src/dossier/decide-change.ts`).
  ['Chưa thể chuyển hồ sơ {move}.', 'The dossier cannot go {move} yet.'],
  ['Không được chuyển hồ sơ {move}.', 'The dossier may not go {move}.'],
  ['từ "{before}" sang "{after}"', 'from “{before}” to “{after}”'],
  [
    'Đến muộn: đã áp dụng diễn biến lúc {instant} của cùng hệ thống.',
    'Too late: what the same system told of {instant} was applied already.',
  ],
  ['Đã sửa nhưng lần xem lại sau vẫn lệch.', 'It was repaired, and differs still when looked at again.'],
  // What a due date stands on (`src/model/compute-due-date.ts`, `working-calendar.ts`).
  ['Thời hạn giải quyết {count} ngày làm việc', 'Statutory time of {count} working days'],
  ['Tính lại từ đầu khi nhận đủ bổ sung', 'Counted anew once the supplement is complete'],
  ['lịch chỉ có ngày nghỉ từ {day}', 'the calendar has holidays from {day} on alone'],
  [
    'lịch chỉ có ngày nghỉ đến {day}, từ đó chỉ trừ ngày nghỉ hằng tuần',
    'the calendar has holidays up to {day} alone; from then on weekly days off alone are left out',
  ],
  // Why a run repairs nothing, or no more (`src/reconciliation/repair-by-policy.ts`).
  [
    '{count} sai lệch với {system}, nhiều hơn mức {bound}: không tự sửa, cần người xem.',
    'With {system} there are {count} discrepancies, more than the bound of {bound}: nothing is repaired by rule, a person has to look.',
  ],
  ['{system}, "{class}, {proposed}": {said}', '{system}, “{class}, {proposed}”: {said}'],
  [
    'đã tự sửa đủ {count} của một lượt (maxPerRun), còn lại để lượt sau.',
    '{count} were repaired, the most of one run (maxPerRun); the next run goes on.',
  ],
  [
    'đã tự sửa đủ {count} của ngày hôm nay (maxPerDay), còn lại cần người xem, hoặc để ngày mai.',
    '{count} were repaired, the most of one day (maxPerDay); for the rest a person has to look, or it is left for tomorrow.',
  ],
  [
    'Có sai lệch không tự sửa được vì lỗi nội bộ của cổng liên thông; chi tiết ở nhật ký.',
    'Some could not be repaired by rule, by a fault of the gateway; the log tells more.',
  ],
  // Reasons that the machine gives for what it does, in the audit, in runs and in what happened to a dossier.
  ['Kế hoạch "{name}": {words}', 'Plan “{name}”: {words}'],
  ['Đến bước kế tiếp của kế hoạch.', 'The plan went on to its next step.'],
  ['Tự sửa theo quy tắc của cấu hình.', 'Repaired by a rule of the configuration.'],
  ['Theo lịch.', 'By its schedule.'],
  ['Hệ thống', 'The gateway'],
  ['Lịch đối soát', 'Schedule of the reconciliation'],
  ['Xuất ra tệp CSV', 'Exported as CSV'],
  ['Theo kết quả đối soát.', 'By the reconciliation.'],
  ['Gửi lại theo kết quả đối soát.', 'Sent again by the reconciliation.'],
  [
    'Ngày hẹn trả do cơ quan đăng ký đất đai quyết định; giữ nguyên.',
    'The due date is for the land registry to decide; it stays as it was.',
  ],
  ['Đến muộn: chỉ áp dụng ngày hẹn trả mới.', 'Came late: its new due date alone was applied.'],
  ['Đến muộn: chỉ áp dụng ngày hẹn trả mới. {said}', 'Came late: its new due date alone was applied. {said}'],
]
