//! A document for tests and examples.

/// A short plan as text, free of errors.
pub const PLAN: &str = "\
ỦY BAN NHÂN DÂN
XÃ TÂN AN
Số: 05/KH-UBND

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Tân An, ngày 09 tháng 3 năm 2021

KẾ HOẠCH
Vệ sinh môi trường năm 2021

Căn cứ tình hình thực tế của địa phương, Ủy ban nhân dân xã xây dựng kế hoạch như sau:

I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
Nâng cao ý thức của nhân dân về vệ sinh môi trường.
2. Yêu cầu
Các thôn tổ chức thực hiện nghiêm túc, tiết kiệm và hiệu quả.

II. TỔ CHỨC THỰC HIỆN
1. Công chức địa chính tham mưu cho Ủy ban nhân dân xã.
2. Các thôn báo cáo kết quả trước ngày 20 hàng tháng.

Trên đây là kế hoạch vệ sinh môi trường năm 2021 của xã.

Nơi nhận:
- Như trên;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Lê Văn Ba
";
