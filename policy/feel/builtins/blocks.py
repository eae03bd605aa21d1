r"""Code points of the blocks of Unicode that `\p{Is…}` names, of its categories, and of names in XML."""

from __future__ import annotations

import sys
from functools import lru_cache
from unicodedata import category

Span = tuple[int, int]
LAST = sys.maxunicode

INITIAL: list[Span] = [
    (0x3A, 0x3A),
    (0x41, 0x5A),
    (0x5F, 0x5F),
    (0x61, 0x7A),
    (0xC0, 0xD6),
    (0xD8, 0xF6),
    (0xF8, 0x2FF),
    (0x370, 0x37D),
    (0x37F, 0x1FFF),
    (0x200C, 0x200D),
    (0x2070, 0x218F),
    (0x2C00, 0x2FEF),
    (0x3001, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD),
    (0x10000, 0xEFFFF),
]
"""What a name in XML may begin with: `\\i`."""

FURTHER: list[Span] = [(0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)]
"""What else may stand in one: `\\c` is both."""

_BLOCKS = """
0000 007F BasicLatin
0080 00FF Latin-1Supplement
0100 017F LatinExtended-A
0180 024F LatinExtended-B
0250 02AF IPAExtensions
02B0 02FF SpacingModifierLetters
0300 036F CombiningDiacriticalMarks
0370 03FF Greek
0370 03FF GreekandCoptic
0400 04FF Cyrillic
0500 052F CyrillicSupplement
0530 058F Armenian
0590 05FF Hebrew
0600 06FF Arabic
0700 074F Syriac
0750 077F ArabicSupplement
0780 07BF Thaana
0900 097F Devanagari
0980 09FF Bengali
0A00 0A7F Gurmukhi
0A80 0AFF Gujarati
0B00 0B7F Oriya
0B80 0BFF Tamil
0C00 0C7F Telugu
0C80 0CFF Kannada
0D00 0D7F Malayalam
0D80 0DFF Sinhala
0E00 0E7F Thai
0E80 0EFF Lao
0F00 0FFF Tibetan
1000 109F Myanmar
10A0 10FF Georgian
1100 11FF HangulJamo
1200 137F Ethiopic
13A0 13FF Cherokee
1400 167F UnifiedCanadianAboriginalSyllabics
1680 169F Ogham
16A0 16FF Runic
1780 17FF Khmer
1800 18AF Mongolian
1D00 1D7F PhoneticExtensions
1E00 1EFF LatinExtendedAdditional
1F00 1FFF GreekExtended
2000 206F GeneralPunctuation
2070 209F SuperscriptsandSubscripts
20A0 20CF CurrencySymbols
20D0 20FF CombiningMarksforSymbols
20D0 20FF CombiningDiacriticalMarksforSymbols
2100 214F LetterlikeSymbols
2150 218F NumberForms
2190 21FF Arrows
2200 22FF MathematicalOperators
2300 23FF MiscellaneousTechnical
2400 243F ControlPictures
2440 245F OpticalCharacterRecognition
2460 24FF EnclosedAlphanumerics
2500 257F BoxDrawing
2580 259F BlockElements
25A0 25FF GeometricShapes
2600 26FF MiscellaneousSymbols
2700 27BF Dingbats
2800 28FF BraillePatterns
2E80 2EFF CJKRadicalsSupplement
2F00 2FDF KangxiRadicals
2FF0 2FFF IdeographicDescriptionCharacters
3000 303F CJKSymbolsandPunctuation
3040 309F Hiragana
30A0 30FF Katakana
3100 312F Bopomofo
3130 318F HangulCompatibilityJamo
3190 319F Kanbun
31A0 31BF BopomofoExtended
31C0 31EF CJKStrokes
31F0 31FF KatakanaPhoneticExtensions
3200 32FF EnclosedCJKLettersandMonths
3300 33FF CJKCompatibility
3400 4DBF CJKUnifiedIdeographsExtensionA
4DC0 4DFF YijingHexagramSymbols
4E00 9FFF CJKUnifiedIdeographs
A000 A48F YiSyllables
A490 A4CF YiRadicals
AC00 D7AF HangulSyllables
E000 F8FF PrivateUse
E000 F8FF PrivateUseArea
F900 FAFF CJKCompatibilityIdeographs
FB00 FB4F AlphabeticPresentationForms
FB50 FDFF ArabicPresentationForms-A
FE00 FE0F VariationSelectors
FE10 FE1F VerticalForms
FE20 FE2F CombiningHalfMarks
FE30 FE4F CJKCompatibilityForms
FE50 FE6F SmallFormVariants
FE70 FEFF ArabicPresentationForms-B
FF00 FFEF HalfwidthandFullwidthForms
FFF0 FFFF Specials
1D400 1D7FF MathematicalAlphanumericSymbols
1F300 1F5FF MiscellaneousSymbolsandPictographs
1F600 1F64F Emoticons
1F680 1F6FF TransportandMapSymbols
20000 2A6DF CJKUnifiedIdeographsExtensionB
2A700 2B73F CJKUnifiedIdeographsExtensionC
2B740 2B81F CJKUnifiedIdeographsExtensionD
2F800 2FA1F CJKCompatibilityIdeographsSupplement
"""

BLOCKS: dict[str, Span] = {
    name: (int(low, 16), int(high, 16)) for low, high, name in (line.split() for line in _BLOCKS.strip().split("\n"))
}
"""The blocks by name, written without spaces as `\\p{Is…}` asks."""


def of_category(name: str) -> list[Span]:
    """Return the code points of a category such as `L` or `Lu`; none where there is no such category."""
    spans: list[Span] = []
    for short, found in _categories().items():
        if short.startswith(name):
            spans += found
    return spans


@lru_cache(maxsize=1)
def _categories() -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    begin, current = 0, category(chr(0))
    for point in range(1, LAST + 2):
        here = category(chr(point)) if point <= LAST else ""
        if here != current:
            found.setdefault(current, []).append((begin, point - 1))
            begin, current = point, here
    return found
