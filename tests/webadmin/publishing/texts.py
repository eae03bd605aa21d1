"""A vocabulary and policies small enough to read, in the variants that tests need."""

from __future__ import annotations

VOCABULARY = """\
vocabulary: 1
fields:
  customer.id: {type: string, label: {zh: 客户编号, en: Customer}}
  customer.staff: {type: number, scale: 0, min: 0, max: 1000000, label: {zh: 人数, en: Staff}}
  customer.sites: {type: number, scale: 0, min: 0, max: 1000000, label: {zh: 网点数, en: Sites}}
"""
WITHOUT_SITES = VOCABULARY.replace(VOCABULARY.splitlines(keepends=True)[-1], "")

SIZE = """\
policy: scorecard.size
title: {zh: 规模, en: Size}
subject: {id: customer.id}
inputs: [customer.id, customer.staff]
outputs:
  size: {type: string, one_of: [large, small]}
hit_policy: first
rules:
  - {id: large, when: customer.staff >= 100, then: {size: large}, because: {zh: 人多, en: Many people}}
  - {id: small, then: {size: small}}
tests:
  - name: {zh: 五十人算小, en: fifty is small}
    as_of: 2026-03-01
    given: {customer: {id: c1, staff: 50}}
    expect: {outcome: {size: small}}
  - name: {zh: 一百人算大, en: a hundred is large}
    as_of: 2026-03-01
    given: {customer: {id: c1, staff: 100}}
    expect: {outcome: {size: large}}
"""
FROM_SEVENTY = SIZE.replace(">= 100", ">= 70")
FROM_EIGHTY = SIZE.replace(">= 100", ">= 80")
FROM_NINETY = SIZE.replace(">= 100", ">= 90")
FROM_FORTY = SIZE.replace(">= 100", ">= 40")
"""Its first test fails: fifty is large then."""

BY_SITES = (
    SIZE.replace("customer.staff", "customer.sites").replace("staff:", "sites:").replace("size\ntitle", "net\ntitle")
)

ASKING = """\
policy: scorecard.offer
title: {zh: 方案, en: Offer}
subject: {id: customer.id}
inputs: [customer.id, customer.staff]
derived:
  size: {policy: scorecard.size, take: size}
outputs:
  offer: {type: string, one_of: [big, plain]}
hit_policy: first
rules:
  - {id: big, when: size = "large", then: {offer: big}, because: {zh: 大客户, en: A large customer}}
  - {id: plain, then: {offer: plain}}
tests:
  - name: {zh: 七十五人用普通方案, en: seventy-five people get the plain one}
    as_of: 2026-03-01
    given: {customer: {id: c1, staff: 75}}
    expect: {outcome: {offer: plain}}
  - name: {zh: 两百人用大方案, en: two hundred get the big one}
    as_of: 2026-03-01
    given: {customer: {id: c1, staff: 200}}
    expect: {outcome: {offer: big}}
"""
