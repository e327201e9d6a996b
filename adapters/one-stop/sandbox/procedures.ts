/**
 * Thủ tục of the sandbox's desk: codes of the 2024 land law, working days for the sandbox alone (the statutory ones are reference
 * data of the gateway), and the papers that people bring.
 */
export interface Procedure {
  readonly code: string
  readonly name: string
  readonly workingDays: number
  readonly papers: readonly string[]
  readonly hasCertificate: boolean
}

const CERTIFICATE = 'Bản gốc Giấy chứng nhận đã cấp'
const APPLICATION = 'Đơn đăng ký biến động đất đai, tài sản gắn liền với đất'

export const PROCEDURES: readonly Procedure[] = [
  {
    code: '1.013831',
    name: 'Đăng ký biến động do chuyển nhượng, thừa kế, tặng cho quyền sử dụng đất',
    workingDays: 13,
    papers: [APPLICATION, 'Hợp đồng chuyển quyền sử dụng đất', CERTIFICATE],
    hasCertificate: true,
  },
  {
    code: '1.012783',
    name: 'Cấp đổi Giấy chứng nhận',
    workingDays: 7,
    papers: ['Đơn đề nghị cấp đổi Giấy chứng nhận', CERTIFICATE],
    hasCertificate: true,
  },
  {
    code: '1.012784',
    name: 'Tách thửa hoặc hợp thửa đất',
    workingDays: 15,
    papers: ['Đơn đề nghị tách thửa, hợp thửa', 'Bản vẽ tách thửa, hợp thửa', CERTIFICATE],
    hasCertificate: true,
  },
  {
    code: '1.012786',
    name: 'Cấp lại Giấy chứng nhận do bị mất',
    workingDays: 10,
    papers: ['Đơn đề nghị cấp lại Giấy chứng nhận'],
    hasCertificate: false,
  },
  {
    code: '1.012790',
    name: 'Đính chính Giấy chứng nhận đã cấp',
    workingDays: 10,
    papers: ['Đơn đề nghị đính chính', CERTIFICATE],
    hasCertificate: true,
  },
  {
    code: '1.013833',
    name: 'Đăng ký biến động do đổi tên hoặc thay đổi thông tin người sử dụng đất',
    workingDays: 7,
    papers: [APPLICATION, CERTIFICATE],
    hasCertificate: true,
  },
  {
    code: '1.013978',
    name: 'Đăng ký, cấp Giấy chứng nhận lần đầu đối với hộ gia đình, cá nhân',
    workingDays: 20,
    papers: ['Đơn đăng ký, cấp Giấy chứng nhận', 'Giấy tờ về nguồn gốc sử dụng đất'],
    hasCertificate: false,
  },
  {
    code: '1.011441',
    name: 'Đăng ký biện pháp bảo đảm bằng quyền sử dụng đất',
    workingDays: 3,
    papers: ['Phiếu yêu cầu đăng ký biện pháp bảo đảm', 'Hợp đồng thế chấp', CERTIFICATE],
    hasCertificate: true,
  },
  {
    code: '1.011443',
    name: 'Xóa đăng ký biện pháp bảo đảm',
    workingDays: 1,
    papers: ['Phiếu yêu cầu xóa đăng ký biện pháp bảo đảm', CERTIFICATE],
    hasCertificate: true,
  },
]
