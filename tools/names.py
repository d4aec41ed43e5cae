"""A list of names of persons for training (dictionaries/names.txt), from lists of given names.

    python3 tools/names.py male.name female.name > dictionaries/names.txt

Each given name (`Bảo Khánh`, one a line; the second file holds women's) stands once after a surname; single ones also after Văn or Thị.
Surnames take turns by their share among Vietnamese, so equal inputs give equal lists.
"""

import sys
import unicodedata

# per mille, rounded; rare ones as 1
SURNAMES = dict(
    zip(
        *[
            iter(
                """Nguyễn 384 Trần 121 Lê 95 Phạm 70 Hoàng 35 Huỳnh 16 Phan 45 Vũ 27 Võ 12 Đặng 21 Bùi 20 Đỗ 14 Hồ 13 Ngô 13
                Dương 10 Lý 5 Đoàn 8 Trương 8 Đinh 7 Mai 6 Trịnh 6 Lương 6 Đào 6 Hà 5 Tô 3 Tạ 3 Cao 5 Châu 2 Chu 3 Lâm 4 Thái 3
                Vương 2 Tống 2 Phùng 3 Tăng 2 Kiều 2 Nghiêm 1 Hứa 1 Triệu 2 Lưu 3 Lại 1 Bạch 1 Giang 1 Khuất 1 Mạc 1 Nông 2
                Quách 1 La 1 Lò 2 Lục 1 Vi 1 Thạch 1 Văn 1 Quan 1 Tôn 1 Từ 1 Ông 1 Âu 1 Đàm 1 Cù 1 Doãn 1 Hàn 1 Kim 1 Thân 1
                Trang 1 Viên 1""".split()
            )
        ]
        * 2
    )
)


def given(path):
    with open(path, encoding="utf-8") as lines:
        # the lists write the Icelandic Ð for Đ
        names = (unicodedata.normalize("NFC", line).replace("Ð", "Đ").strip() for line in lines)
        return {name for name in names if name}


def surnames():
    """Without end; each as often as its share says, evenly spread."""
    share = {name: int(n) for name, n in SURNAMES.items()}
    total = sum(share.values())
    credit = dict.fromkeys(share, 0.0)
    while True:
        for name, n in share.items():
            credit[name] += n / total
        due = max(credit, key=credit.get)
        credit[due] -= 1
        yield due


def full_names(men, women):
    surname = surnames()
    names = [f"{next(surname)} {name}" for name in sorted(men | women)]
    single = sorted({(name.split()[-1], "Thị" if name in women else "Văn") for name in men | women})
    names += [f"{next(surname)} {middle} {name}" for name, middle in single]
    return sorted(set(names))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print("\n".join(full_names(given(sys.argv[1]), given(sys.argv[2]))))
