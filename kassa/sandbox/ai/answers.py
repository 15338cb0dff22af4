"""Answers of the emulated models: formatted, in the language of the question, the same for the same question."""

import hashlib
from collections.abc import Iterator

from . import prompts
from .given import Given

_CODE = """```python
from decimal import ROUND_HALF_UP, Decimal


def average_order(amounts: list[Decimal]) -> Decimal:
    \"\"\"{docstring}\"\"\"
    if not amounts:
        return Decimal(0)
    return (sum(amounts) / len(amounts)).quantize(Decimal("0.01"), ROUND_HALF_UP)


print(average_order([Decimal("98.00"), Decimal("597.00"), Decimal("999.00")]))
```"""

_FORMULA = r"$$\mathrm{LTV} = \frac{\mathrm{ARPU} \cdot m}{c}, \qquad \int_0^1 x^2\,dx = \frac{1}{3}$$"

_TABLES = {
    True: "| Показатель | Январь | Февраль | Изменение |\n|---|---:|---:|---:|\n"
    "| Новые клиенты | 1 240 | 1 515 | +22 % |\n"
    "| Средний чек, ₽ | 289 | 311 | +8 % |\n| Возвраты | 1,4 % | 1,1 % | −0,3 п. п. |",
    False: "| Metric | January | February | Change |\n|---|---:|---:|---:|\n| New customers | 1,240 | 1,515 | +22 % |\n"
    "| Average order, $ | 4.20 | 4.55 | +8 % |\n| Refunds | 1.4 % | 1.1 % | −0.3 pp |",
}

_OPENINGS = {
    True: ("Вот что стоит знать.", "Разберём по порядку.", "Коротко и по делу.", "Хороший вопрос, начнём с главного."),
    False: ("Here is what matters.", "Let us take it step by step.", "The short version first.", "A good question."),
}
_POINTS = {
    True: (
        "**Цель.** Сформулируйте её одной фразой: так проще понять, что лишнее.",
        "**Данные.** Соберите факты за последний месяц, а не впечатления.",
        "**Проверка.** Начните с малого и измерьте результат за неделю.",
        "**Люди.** Спросите тех, кто пользуется этим каждый день.",
        "**Срок.** Назначьте дату, когда решите, продолжать или нет.",
        "**Риск.** Заранее запишите, что заставит вас остановиться.",
    ),
    False: (
        "**Goal.** Put it into one sentence: what is superfluous shows at once.",
        "**Facts.** Take the numbers of the last month, not impressions.",
        "**Trial.** Start small and measure the result within a week.",
        "**People.** Ask those who use it every day.",
        "**Date.** Set the day on which you decide whether to go on.",
        "**Risk.** Write down beforehand what would make you stop.",
    ),
}
_PARAGRAPHS = {
    True: (
        (
            "Любое дело держится на повторяемых шагах. Пока они живут только в голове, их нельзя ни улучшить, "
            "ни передать. Запишите их так, чтобы новый человек справился без подсказок, и вы увидите узкие места."
        ),
        (
            "Цифры полезны, когда из них следует действие. Если показатель изменился, а вы ничего не сделали бы иначе, "
            "его можно не считать. Оставьте те немногие, что меняют решения."
        ),
        (
            "Клиент помнит не обещание, а последнюю встречу с вами. Ответ за минуту стоит дороже красивой рассылки, "
            "а честное «не знаю, уточню» — дороже быстрого, но неверного ответа."
        ),
        (
            "Хорошая цена понятна без пояснений. Если её приходится объяснять трижды, проблема не в покупателе. "
            "Упростите предложение, и часть вопросов в поддержку исчезнет сама."
        ),
    ),
    False: (
        (
            "Every business rests on steps that repeat. While they live in one head only, they can neither be improved "
            "nor handed over. Write them down so that a newcomer manages alone, and the bottlenecks will show."
        ),
        (
            "A number is useful when an action follows from it. If it moved and you would do nothing differently, stop "
            "counting it. Keep the few that change decisions."
        ),
        (
            "A customer remembers the last meeting, not the promise. An answer within a minute is worth more than a "
            "handsome newsletter, and an honest “let me check” more than a quick wrong reply."
        ),
        (
            "A good price needs no explanation. If you explain it three times, the buyer is not the problem. "
            "Simplify the offer, and part of the questions to support will vanish."
        ),
    ),
}


def answer(asked: Given, model: str) -> str:
    """The answer to a question in Markdown. It depends on nothing but its arguments."""
    prompt = asked.text
    wish = prompts.read(prompt)
    seed = int.from_bytes(hashlib.sha256(f"{model}\n{prompt}".encode()).digest()[:8])
    if wish.characters is not None:
        return _long(wish, prompt, seed)
    parts = list(_short(wish, asked, seed))
    parts.append(f"_Ответила модель {model}, песочница._" if wish.russian else f"_Answered by {model}, sandbox._")
    return "\n\n".join(parts)


def _short(wish: prompts.Wish, asked: Given, seed: int) -> Iterator[str]:
    russian = wish.russian
    yield f"## {_topic(asked.text, russian)}"
    if asked.pictures:
        sizes = ", ".join(asked.pictures)
        yield f"{'Вижу изображений' if russian else 'Pictures received'}: {len(asked.pictures)} ({sizes})."
    for name, characters in asked.documents:
        yield f"{'Прочитан документ' if russian else 'Document read'}: {name} ({characters})."
    yield _OPENINGS[russian][seed % 4]
    points = _POINTS[russian]
    yield "\n".join(f"{number + 1}. {points[(seed + number) % len(points)]}" for number in range(3))
    if wish.table:
        yield _TABLES[russian]
    if wish.code:
        yield code(russian)
    if wish.formula:
        yield _FORMULA


def _long(wish: prompts.Wish, prompt: str, seed: int) -> str:
    """A text of just the length that was asked for, with code, tables and formulas on the way."""
    russian, wanted = wish.russian, wish.characters or 0
    text = f"# {_topic(prompt, russian)}"
    blocks = _blocks(russian, seed)
    block = next(blocks)
    # The last words are plain, so that no code or table is ever cut.
    while len(text) + len(block) + 2 <= wanted:
        text += f"\n\n{block}"
        block = next(blocks)
    filler = " ".join(_PARAGRAPHS[russian])
    rest = wanted - len(text) - 2
    if rest > 0:
        text += "\n\n" + (filler * (rest // len(filler) + 1))[:rest]
    return text[:wanted]


def _blocks(russian: bool, seed: int) -> Iterator[str]:
    paragraphs = _PARAGRAPHS[russian]
    number = 0
    while True:
        number += 1
        yield f"## {'Часть' if russian else 'Part'} {number}"
        for step in range(3):
            yield paragraphs[(seed + number + step) % len(paragraphs)]
        yield (code(russian), _TABLES[russian], _FORMULA)[number % 3]
        yield "\n".join(f"- {point}" for point in _POINTS[russian][number % 4 : number % 4 + 3])


def code(russian: bool) -> str:
    """A block of code."""
    return _CODE.format(docstring="Средний чек в рублях." if russian else "The average order.")


def _topic(prompt: str, russian: bool) -> str:
    """The first words of the question as a heading."""
    words = " ".join(prompt.split()).strip("#*`_ ")
    if not words:
        return "Ответ" if russian else "Answer"
    return words if len(words) <= 60 else words[:57].rsplit(" ", 1)[0] + "…"
