// The interface's words in two languages.
const VI = {
  language: 'English', skip: 'Đến nội dung', documents: 'Tài liệu', search: 'Tìm (không cần dấu)', searchHint: 'ví dụ: cai cach, 12/KH-UBND',
  all: 'Tất cả', open: 'Cần xem', warned: 'Có cảnh báo', failed: 'Không số hóa được', reviewed: 'Đã xem xong',
  sort: 'Sắp xếp', eyes: 'Cần xem trước', name: 'Theo tên', date: 'Mới nhất',
  progress: (done, all) => `Đã xem xong ${done} / ${all} tài liệu`, found: (n) => `${n} tài liệu`, none: 'Không có tài liệu nào khớp.',
  doubtful: (n) => `${n} từ nghi ngờ`, warnings: (n) => `${n} cảnh báo`, clean: '✓ Đã rõ', pages: (n) => `${n} trang`, failure: 'Lỗi',
  back: 'Danh sách', previous: 'Từ trước', next: 'Từ tiếp', accept: 'Đúng', runner: 'Lấy từ thứ hai', edit: 'Sửa', undo: 'Hoàn tác', redo: 'Làm lại',
  keys: 'Phím tắt', left: (n, all) => `Còn ${n} / ${all} từ`, allDone: 'Đã xem hết các từ nghi ngờ', nextDocument: 'Tài liệu tiếp theo',
  read: 'Đọc được', machine: 'Máy phục hồi', second: 'Từ thứ hai', sure: 'Độ tin cậy', decided: 'Đã quyết định', by: (who) => `bởi ${who}`,
  noRunner: 'không có', nothing: '(bỏ trống)', crop: 'Ảnh của từ này', noCrop: 'Chưa có vị trí trên ảnh', type: 'Viết lại từ này', save: 'Lưu', cancel: 'Thôi',
  same: 'Từ giống hệt', here: 'chỉ từ này', inDocument: 'cả tài liệu', inFolder: 'cả thư mục',
  saved: 'Đã lưu', saving: 'Đang lưu…', pending: 'Đã lưu; tệp kết quả đang được ghi…', current: 'Các tệp kết quả đã cập nhật',
  reading: (n, all) => `Đang đọc lại trang ${n} / ${all} để biết vị trí các từ…`, spread: (n, m) => `Đã áp dụng cho ${n} từ trong ${m} tài liệu`, undone: 'Đã hoàn tác', redone: 'Đã làm lại',
  nothingToUndo: 'Không có gì để hoàn tác', nothingToRedo: 'Không có gì để làm lại',
  conflictTitle: 'Người khác vừa sửa chỗ này', conflictWord: (who, what) => `${who} vừa ghi “${what}” ở chỗ này. Bạn muốn giữ chữ nào?`,
  theirs: 'Giữ của người kia', mine: 'Lấy của tôi', otherTab: 'Tài liệu đã được cập nhật từ nơi khác',
  gone: 'Máy chủ không trả lời. Việc đã lưu vẫn còn; hãy chạy lại sohoa review.', refused: 'Không có quyền: hãy mở lại liên kết mà sohoa review đã in ra.',
  image: 'Ảnh trang', page: (n) => `Trang ${n}`, pageOf: (n, all) => `Trang ${n} / ${all}`, noSource: 'Không xem được ảnh',
  zoomIn: 'Phóng to', zoomOut: 'Thu nhỏ', fit: 'Vừa khung', boxes: 'Khung chữ', text: 'Văn bản', warningsTitle: 'Cảnh báo', goTo: 'Đến chỗ này',
  header: 'Phần đầu', signature: 'Người ký', loose: 'Ngoài cấu trúc (số trang, tiêu ngữ, bảng)', attached: 'Văn bản kèm theo', notes: 'Chú thích', recipients: 'Nơi nhận', tables: 'Phụ lục', closing: 'Phần kết',
  issuer_parent: 'Cơ quan cấp trên', issuer: 'Cơ quan ban hành', number: 'Số, ký hiệu', place: 'Địa danh', dateField: 'Ngày ban hành', kind: 'Loại', title: 'Trích yếu', authority: 'Thẩm quyền', position: 'Chức vụ', nameField: 'Họ tên',
  empty: '(chưa có)', editField: (name) => `Sửa: ${name}`, editLabel: (label) => `Sửa ký hiệu mục ${label}`, help: 'Trợ giúp',
  helpKeys: [['n', 'từ nghi ngờ tiếp theo'], ['p', 'từ nghi ngờ trước'], ['a', 'từ này đúng'], ['r', 'lấy từ thứ hai'], ['e', 'viết lại'], ['Shift+A', 'các từ giống hệt trong tài liệu cũng đúng'], ['Ctrl+Z', 'hoàn tác'], ['Ctrl+Y', 'làm lại'], ['+ / −', 'phóng to, thu nhỏ ảnh'], ['0', 'ảnh vừa khung'], ['Esc', 'đóng'], ['Nháy đúp', 'sửa bất kỳ từ nào trong văn bản']],
  close: 'Đóng', acceptRest: 'Các từ còn lại đều đúng', acceptRestAsk: (n) => `Ghi nhận cả ${n} từ còn lại là đúng?`, yes: 'Đồng ý', cannotPlace: 'Không tìm được chỗ của từ này trong văn bản gốc.',
  states: { accept: 'xác nhận đúng', 'runner-up': 'lấy từ thứ hai', typed: 'viết lại' }, number_: 'Số', warningsNone: 'Không có cảnh báo', reviewedBar: 'Tiến độ',
};
const EN = {
  language: 'Tiếng Việt', skip: 'To the content', documents: 'Documents', search: 'Search (marks may be left out)', searchHint: 'such as: cai cach, 12/KH-UBND',
  all: 'All', open: 'To look at', warned: 'With warnings', failed: 'Failed', reviewed: 'Reviewed',
  sort: 'Order', eyes: 'What needs eyes', name: 'By name', date: 'Newest',
  progress: (done, all) => `${done} of ${all} documents reviewed`, found: (n) => `${n} documents`, none: 'No document matches.',
  doubtful: (n) => `${n} doubtful`, warnings: (n) => `${n} warnings`, clean: '✓ Clear', pages: (n) => `${n} pages`, failure: 'Failed',
  back: 'List', previous: 'Previous', next: 'Next', accept: 'Right', runner: 'Take second', edit: 'Write', undo: 'Undo', redo: 'Redo',
  keys: 'Keys', left: (n, all) => `${n} of ${all} words left`, allDone: 'All doubtful words are looked at', nextDocument: 'Next document',
  read: 'Read as', machine: 'Restored to', second: 'Second best', sure: 'Confidence', decided: 'Decided', by: (who) => `by ${who}`,
  noRunner: 'none', nothing: '(nothing)', crop: 'Picture of this word', noCrop: 'No place on the picture yet', type: 'Write this word', save: 'Save', cancel: 'Cancel',
  same: 'Same words', here: 'this one only', inDocument: 'all of this document', inFolder: 'all of this folder',
  saved: 'Kept', saving: 'Saving…', pending: 'Kept; the outputs are being written…', current: 'The outputs are up to date',
  reading: (n, all) => `Reading page ${n} of ${all} again for the places of its words…`, spread: (n, m) => `${n} words in ${m} documents decided`, undone: 'Undone', redone: 'Done again',
  nothingToUndo: 'Nothing to undo', nothingToRedo: 'Nothing to do again',
  conflictTitle: 'Somebody else has just changed this', conflictWord: (who, what) => `${who} has just written “${what}” here. Which one shall stand?`,
  theirs: 'Theirs', mine: 'Mine', otherTab: 'The document was changed elsewhere',
  gone: 'The server does not answer. What was kept is kept; start sohoa review again.', refused: 'Not allowed: open the link that sohoa review printed.',
  image: 'Page image', page: (n) => `Page ${n}`, pageOf: (n, all) => `Page ${n} of ${all}`, noSource: 'No picture',
  zoomIn: 'Larger', zoomOut: 'Smaller', fit: 'Fit', boxes: 'Word boxes', text: 'Text', warningsTitle: 'Warnings', goTo: 'Go there',
  header: 'Header', signature: 'Signature', loose: 'Outside the tree (page numbers, motto, tables)', attached: 'Attached', notes: 'Notes', recipients: 'Recipients', tables: 'Appendices', closing: 'Closing',
  issuer_parent: 'Superior body', issuer: 'Issuer', number: 'Number', place: 'Place', dateField: 'Date', kind: 'Kind', title: 'Title', authority: 'Authority', position: 'Position', nameField: 'Name',
  empty: '(none)', editField: (name) => `Edit: ${name}`, editLabel: (label) => `Edit the label of item ${label}`, help: 'Help',
  helpKeys: [['n', 'next doubtful word'], ['p', 'previous doubtful word'], ['a', 'this word is right'], ['r', 'take the second best'], ['e', 'write it'], ['Shift+A', 'right, as are the same words in this document'], ['Ctrl+Z', 'undo'], ['Ctrl+Y', 'redo'], ['+ / −', 'zoom the picture'], ['0', 'fit the picture'], ['Esc', 'close'], ['Double click', 'write any word of the text']],
  close: 'Close', acceptRest: 'All the rest is right', acceptRestAsk: (n) => `Take all ${n} words that are left for right?`, yes: 'Yes', cannotPlace: 'This word was not found in the text as it was read.',
  states: { accept: 'right', 'runner-up': 'second best taken', typed: 'written' }, number_: 'No.', warningsNone: 'No warnings', reviewedBar: 'Progress',
};

const KEY = 'sohoa-language';
let remembered = null;
try { remembered = localStorage.getItem(KEY); } catch { /* a private window */ }
let current = remembered === 'en' ? 'en' : 'vi';

export const language = () => current;
export function t(key, ...values) {
  const word = (current === 'en' ? EN : VI)[key];
  return typeof word === 'function' ? word(...values) : word ?? key;
}
export function switchLanguage() {
  current = current === 'en' ? 'vi' : 'en';
  try { localStorage.setItem(KEY, current); } catch { /* likewise */ }
  document.documentElement.lang = current;
}
