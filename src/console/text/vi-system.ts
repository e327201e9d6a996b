/** Planned maintenance, the systems' health over time and a queue that is away. */
export const systemTexts = {
  maintenance: {
    title: 'Khung bảo trì',
    plan: 'Lập khung bảo trì',
    planTitle: 'Lập khung bảo trì cho {{name}}',
    planLead:
      'Trong khung này không gửi, không hỏi và không đọc gì của hệ thống, cũng không cảnh báo khi nó không trả lời. Hết giờ tự chạy lại.',
    from: 'Từ lúc',
    fromHint: 'Để trống: từ bây giờ. Giờ Việt Nam.',
    until: 'Đến lúc',
    untilHint: 'Dài nhất 72 giờ.',
    planned: 'Đã lập khung bảo trì cho {{name}}.',
    end: 'Kết thúc ngay',
    cancel: 'Bỏ khung này',
    endTitle: 'Kết thúc bảo trì của {{name}}',
    cancelTitle: 'Bỏ khung bảo trì của {{name}}',
    endLead: 'Khung từ {{from}} đến {{until}}. Những lượt đang chờ được gửi tiếp ngay.',
    ended: 'Đã kết thúc khung bảo trì của {{name}}.',
    running: 'Đang bảo trì đến {{until}}: {{reason}} ({{by}})',
    coming: 'Sẽ bảo trì từ {{from}} đến {{until}}: {{reason}} ({{by}})',
    banner: '{{name}} đang bảo trì đến {{until}}: {{reason}}',
  },
  queue: {
    away: 'Hàng đợi (Redis) không tới được từ {{since}}',
    goesOn:
      'Vẫn chạy: nhận hồ sơ và thông báo của các hệ thống, tra cứu. Mọi thứ đã nhận nằm trong cơ sở dữ liệu, không mất, không gửi trùng.',
    waits:
      'Đang chờ: gửi đi, đọc thay đổi của các hệ thống, đối soát và kế hoạch gửi lại của những tiến trình nêu dưới đây. Redis trở lại thì tự chạy tiếp, không phải gửi lại gì.',
    todo: 'Việc cần làm: xem Redis (địa chỉ trong REDIS_URL) còn chạy không, và đường mạng tới nó từ: {{processes}}. Tiến trình không nêu ở đây vẫn làm việc.',
  },
  timeline: {
    title: 'Tình trạng các hệ thống',
    hours1: '1 giờ',
    hours24: '24 giờ',
    hours168: '7 ngày',
    range: 'Khoảng thời gian',
    table: 'Xem dạng bảng',
    system: 'Hệ thống',
    state: 'Tình trạng',
    from: 'Từ lúc',
    until: 'Đến lúc',
    lasted: 'Kéo dài',
    states: {
      UP: 'Đang trả lời',
      UNKNOWN: 'Chưa rõ',
      BREAKER_OPEN: 'Cầu dao mở',
      REFUSING: 'Trả lời, không phục vụ',
      DOWN: 'Không trả lời',
      PAUSED: 'Tạm dừng',
      MAINTENANCE: 'Bảo trì',
    },
  },
}
