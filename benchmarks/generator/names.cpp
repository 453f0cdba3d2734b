#include "names.hpp"

#include <iterator>

namespace dangbo::inline v1::generator {

namespace {

using List = std::vector<std::string_view>;

// The commonest family name stands several times, as in life.
const List& families() {
  static const List list = {
      "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần",  "Lê",   "Lê",
      "Phạm",   "Phạm",   "Hoàng",  "Huỳnh",  "Phan",   "Vũ",   "Võ",    "Đặng", "Bùi",
      "Đỗ",     "Ngô",    "Dương",  "Lý",     "Đinh",   "Lưu",  "Trịnh", "Tạ",   "Mai",
      "Đoàn",   "Cao",    "Thái",   "Tăng",   "Quách",  "Kiều", "Phùng", "Chu",  "Từ"};
  return list;
}

const List& minority_families() {
  static const List list = {"Nông", "Lò",   "Hà",    "Quàng", "Thạch", "Kiên", "Triệu",
                            "Bàn",  "Sùng", "Giàng", "Danh",  "Lường", "Ma",   "Vi"};
  return list;
}

const List& middles(bool is_female) {
  static const List women = {"Thị",  "Thị",    "Thị",  "Thị Thu", "Thị Hồng", "Thị Ngọc", "Thuý",
                             "Diệu", "Phương", "Bích", "Mỹ",      "Thị Kim",  "Quỳnh",    "Tuyết"};
  static const List men = {"Văn", "Văn",   "Đình", "Quang", "Hữu",  "Ngọc", "Công",
                           "Bá",  "Hoàng", "Thế",  "Quốc",  "Việt", "Duy",  "Trọng"};
  return is_female ? women : men;
}

// Given names of the country's leaders are left out, so that no combination is one of them.
const List& givens(bool is_female) {
  static const List women = {"Hà",   "Hằng", "Hạnh", "Hiền", "Hoa",  "Hương", "Hường",  "Huyền",
                             "Lan",  "Liên", "Loan", "Mai",  "Nga",  "Ngân",  "Nguyệt", "Nhung",
                             "Oanh", "Quế",  "Thảo", "Thơm", "Thuỷ", "Trâm",  "Trang",  "Tuyền",
                             "Vân",  "Vy",   "Xuân", "Yến",  "Ánh",  "Diễm",  "Đào",    "Phượng"};
  static const List men = {"An",    "Bằng",  "Bảo",   "Bình", "Chiến", "Đạt",   "Định", "Đông",
                           "Đức",   "Giang", "Hải",   "Hào",  "Hậu",   "Hiệp",  "Hoà",  "Huy",
                           "Khánh", "Khôi",  "Lộc",   "Nam",  "Nghĩa", "Phong", "Quân", "Quyền",
                           "Sơn",   "Thành", "Thuận", "Tiến", "Toàn",  "Tuấn",  "Tùng", "Vinh"};
  return is_female ? women : men;
}

const List& cell_names() {
  static const List list = {
      "Văn phòng",
      "Thanh tra",
      "Phòng Tổ chức - Hành chính",
      "Phòng Kế hoạch - Tài chính",
      "Phòng Nghiệp vụ 1",
      "Phòng Nghiệp vụ 2",
      "Phòng Pháp chế",
      "Phòng Quản lý chuyên ngành",
      "Chi cục",
      "Trung tâm Dịch vụ",
      "Trung tâm Thông tin",
      "Phòng Kỹ thuật",
      "Ban Quản lý dự án",
      "Khối Đoàn thể",
      "Phòng Đào tạo",
      "Phòng Khảo sát",
  };
  return list;
}

constexpr Office kOffices[] = {
    {"Sở Nội vụ", "CQ"},
    {"Sở Tài chính", "CQ"},
    {"Sở Xây dựng", "CQ"},
    {"Sở Giao thông vận tải", "CQ"},
    {"Sở Công Thương", "CQ"},
    {"Sở Y tế", "CQ"},
    {"Sở Tư pháp", "CQ"},
    {"Sở Khoa học và Công nghệ", "CQ"},
    {"Sở Thông tin và Truyền thông", "CQ"},
    {"Sở Giáo dục và Đào tạo", "CQ"},
    {"Sở Tài nguyên và Môi trường", "CQ"},
    {"Sở Kế hoạch và Đầu tư", "CQ"},
    {"Sở Lao động - Thương binh và Xã hội", "CQ"},
    {"Sở Nông nghiệp và Phát triển nông thôn", "CQ"},
    {"Sở Văn hoá, Thể thao và Du lịch", "CQ"},
    {"Văn phòng Uỷ ban nhân dân tỉnh", "CQ"},
    {"Cục Thuế", "CQ"},
    {"Cục Thống kê", "CQ"},
    {"Kho bạc", "CQ"},
    {"Toà án nhân dân tỉnh", "CQ"},
    {"Viện Kiểm sát nhân dân tỉnh", "CQ"},
    {"Cục Thi hành án dân sự", "CQ"},
    {"Bảo hiểm xã hội tỉnh", "CQ"},
    {"Trường Chính trị tỉnh", "SN"},
    {"Trường Cao đẳng Cộng đồng", "SN"},
    {"Trường Cao đẳng Y tế", "SN"},
    {"Bệnh viện Đa khoa tỉnh", "SN"},
    {"Bệnh viện Y học cổ truyền", "SN"},
    {"Trung tâm Kiểm soát bệnh tật", "SN"},
    {"Trung tâm Khuyến nông", "SN"},
    {"Vườn quốc gia Rừng Thông", "SN"},
    {"Đài Phát thanh và Truyền hình tỉnh", "BC"},
    {"Báo tỉnh", "BC"},
    {"Văn phòng Tỉnh uỷ", "CQ"},
    {"Ban Tổ chức Tỉnh uỷ", "CQ"},
    {"Ban Tuyên giáo Tỉnh uỷ", "CQ"},
    {"Ban Dân vận Tỉnh uỷ", "CQ"},
    {"Ban Nội chính Tỉnh uỷ", "CQ"},
    {"Cơ quan Uỷ ban Kiểm tra Tỉnh uỷ", "CQ"},
    {"Văn phòng Hội đồng nhân dân tỉnh", "CQ"},
    {"Thanh tra tỉnh", "CQ"},
    {"Sở Ngoại vụ", "CQ"},
    {"Ban Quản lý Khu kinh tế", "CQ"},
    {"Cơ quan Mặt trận Tổ quốc tỉnh", "CQ"},
    {"Cơ quan Tỉnh đoàn", "CQ"},
    {"Cơ quan Hội Liên hiệp Phụ nữ tỉnh", "CQ"},
    {"Cơ quan Hội Nông dân tỉnh", "CQ"},
    {"Cơ quan Hội Cựu chiến binh tỉnh", "CQ"},
    {"Cơ quan Liên đoàn Lao động tỉnh", "CQ"},
    {"Liên minh Hợp tác xã", "HQC"},
    {"Hội Chữ thập đỏ", "HQC"},
    {"Hội Nhà báo", "HQC"},
    {"Hội Luật gia", "HQC"},
    {"Hội Đông y", "HQC"},
    {"Hội Văn học - Nghệ thuật", "HQC"},
    {"Hội Người cao tuổi", "HQC"},
    {"Hội Khuyến học", "HQC"},
    {"Liên hiệp các Hội Khoa học và Kỹ thuật", "HQC"},
    {"Liên hiệp các Tổ chức hữu nghị", "HQC"},
    {"Tạp chí Văn nghệ", "BC"},
    {"Ban Quản lý dự án Giao thông", "SN"},
    {"Ban Quản lý dự án Nông nghiệp", "SN"},
    {"Trung tâm Xúc tiến đầu tư", "SN"},
    {"Trung tâm Giáo dục thường xuyên", "SN"},
    {"Thư viện tỉnh", "SN"},
    {"Bảo tàng tỉnh", "SN"},
    {"Nhà Thiếu nhi tỉnh", "SN"},
    {"Quỹ Phát triển đất", "SN"},
    {"Trung tâm Lưu trữ lịch sử", "SN"},
    {"Trung tâm Trợ giúp pháp lý", "SN"},
};

constexpr Office kEnterprises[] = {
    {"Công ty Cấp thoát nước Bến Trúc", "DNNN"},
    {"Công ty Xổ số kiến thiết tỉnh", "DNNN"},
    {"Công ty Thuỷ lợi Sông Ngàn", "DNNN"},
    {"Công ty Lâm nghiệp Đồi Thông", "DNNN"},
    {"Điện lực tỉnh", "DNNN"},
    {"Công ty cổ phần Công trình đô thị Bến Trúc", "DNNN50"},
    {"Công ty cổ phần Bến xe Cửa Ngàn", "DNNN50"},
    {"Công ty cổ phần Dược Sông Ngàn", "DNNN50"},
    {"Công ty cổ phần Mía đường Gò Mận", "DNNN50"},
    {"Công ty TNHH May Hoa Sim", "DNTN"},
    {"Công ty TNHH Thuỷ sản Vàm Bạc", "DNTN"},
    {"Công ty TNHH Gỗ Rừng Thông", "DNTN"},
    {"Công ty TNHH Chế biến Dừa Xanh", "DNTN"},
};

}  // namespace

std::string person_name(Random& random, bool is_female, std::string_view ethnicity) {
  const bool is_minority = !ethnicity.empty() && ethnicity != "Kinh";
  std::string name(random.pick(is_minority ? minority_families() : families()));
  name += ' ';
  name += random.pick(middles(is_female));
  name += ' ';
  name += random.pick(givens(is_female));
  return name;
}

std::string_view minority(Random& random) {
  static const List list = {"Tày", "Thái", "Mường", "Khmer", "Hoa", "Nùng", "Mông", "Dao", "Ê Đê"};
  return random.pick(list);
}

std::string_view religion(Random& random) {
  static const List list = {"Phật giáo", "Phật giáo", "Công giáo",
                            "Cao Đài",   "Hoà Hảo",   "Tin lành"};
  return random.pick(list);
}

const std::vector<Office>& offices() {
  static const std::vector<Office> list(std::begin(kOffices), std::end(kOffices));
  return list;
}

const std::vector<Office>& enterprises() {
  static const std::vector<Office> list(std::begin(kEnterprises), std::end(kEnterprises));
  return list;
}

const List& places() {
  static const List list = {"Suối Trúc", "Đồi Mận",  "Gò Sim",     "Bến Ngàn", "Cầu Mây",
                            "Vườn Hạc",  "Đầm Sậy",  "Núi Nghiên", "Hồ Vàng",  "Khe Bạc",
                            "Bãi Thông", "Cồn Nhạn", "Rạch Mai",   "Làng Gốm", "Đồng Sen",
                            "Trại Bưởi", "Lũng Đào", "Xóm Vải",    "Bàu Cò",   "Ngòi Quế",
                            "Đèo Lau",   "Cửa Hến",  "Ao Súng",    "Dốc Sỏi"};
  return list;
}

std::string cell_name(std::size_t index) {
  const List& list = cell_names();
  if (index < list.size()) return "Chi bộ " + std::string(list[index]);
  return "Chi bộ số " + std::to_string(index + 1);
}

}  // namespace dangbo::inline v1::generator
