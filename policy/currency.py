"""Currencies: the codes of ISO 4217 and how many decimals each one is paid in.

Codes that were withdrawn in recent years stay known, so that old decisions can be recomputed.
"""

from __future__ import annotations

DECIMALS = 2
"""Decimals of most currencies, and of amounts whose currency is not known."""

_OTHER_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

_TWO_DECIMALS = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
    CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG
    HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE
    SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR
    ZMW ZWG
"""

MINOR_UNITS = dict.fromkeys(_TWO_DECIMALS.split(), DECIMALS) | {
    code: places for places, codes in _OTHER_DECIMALS.items() for code in codes.split()
}
"""Currency code → decimals of its smallest amount (ISO 4217, minor unit)."""


def is_currency(unit: str | None) -> bool:
    """Say whether a unit is a currency code.

    Example:
        >>> is_currency("CNY"), is_currency("hours"), is_currency(None)
        (True, False, False)
    """
    return unit in MINOR_UNITS


def minor_units(currency: str | None) -> int:
    """Return the decimals amounts of a currency are paid in, 2 where it is not known.

    Example:
        >>> minor_units("CNY"), minor_units("JPY"), minor_units("BHD"), minor_units(None)
        (2, 0, 3, 2)
    """
    return DECIMALS if currency is None else MINOR_UNITS.get(currency, DECIMALS)
