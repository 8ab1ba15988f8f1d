"""A Pratt parser for the subset of CEL that rules use.

Grammar and precedence are those of the CEL specification (https://github.com/google/cel-spec); what the
language leaves out (maps, messages, indexing, macros other than ``has``) is refused by name.
"""

from __future__ import annotations

from core.errors import Location
from core.language.lexer import MAX_INT, Token, tokens
from core.language.place import refuse
from core.language.syntax import Binary, Call, Items, Literal, Logic, Name, Select, Syntax, Ternary, Unary

MAX_DEPTH = 40
MAX_NODES = 400

_TERNARY = 1
_BINDING = {"||": 2, "&&": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "==": 4, "!=": 4, "in": 4, "+": 5, "-": 5, "*": 6}
_UNARY = 7
_RESERVED = {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
             "package", "namespace", "return", "var", "void", "while"}
_OTHER_LANGUAGES = {"and": "&&", "or": "||", "not": "!", "True": "true", "False": "false", "AND": "&&", "OR": "||",
                    "NOT": "!", "且": "&&", "或": "||", "非": "!", "并且": "&&", "或者": "||", "TRUE": "true",
                    "FALSE": "false", "IN": "in"}
_EMPTY_WORDS = {"null", "None", "nil", "NULL", "none"}


def parse(source: str, at: Location | None = None) -> Syntax:
    """The expression as a tree.

    Args:
        at: the place of the expression's first character.

    Raises:
        FazhiError: at the first part that cannot be understood.
    """
    parser = _Parser(source, at)
    if len(parser.tokens) == 1:
        raise refuse(source, 0, at, "expression-empty")
    tree = parser.expression(0)
    if parser.token.kind != "end":
        raise parser.unexpected()
    return tree


class _Parser:
    def __init__(self, source: str, at: Location | None) -> None:
        self.source = source
        self.at = at
        self.tokens = tokens(source, at)
        self.position = 0
        self.depth = 0
        self.nodes = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def advance(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def expect(self, operator: str) -> Token:
        if self.token.kind != "operator" or self.token.text != operator:
            raise self.unexpected(operator)
        return self.advance()

    def error(self, offset: int, code: str, **details: object) -> Exception:
        return refuse(self.source, offset, self.at, code, **details)

    def unexpected(self, wanted: str = "") -> Exception:
        token = self.token
        if token.kind == "word" and token.text in _OTHER_LANGUAGES:
            return self.error(token.offset, "expression-near-operator", text=token.text,
                              instead=_OTHER_LANGUAGES[token.text])
        if wanted:
            return self.error(token.offset, "expression-missing", wanted=wanted, text=token.text or "∎")
        if token.kind == "end":
            return self.error(token.offset, "expression-unfinished")
        if token.text == "[":
            return self.error(token.offset, "expression-no-index")
        return self.error(token.offset, "expression-unexpected", text=token.text)

    def count(self, offset: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.error(offset, "expression-too-large", most=MAX_NODES)

    def expression(self, binding: int) -> Syntax:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(self.token.offset, "expression-too-deep", most=MAX_DEPTH)
        left = self.prefix()
        chained = 0
        while True:
            token = self.token
            power = _BINDING.get(token.text, 0) if token.kind in ("operator", "word") else 0
            if token.text == "?" and token.kind == "operator" and binding < _TERNARY:
                left = self.ternary(left)
            elif power > binding:
                self.advance()
                self.count(token.offset)
                right = self.expression(power)
                if token.text in ("&&", "||"):
                    left = _joined(token, left, right)
                    continue
                chained += 1  # a + b + c nests to the left
                if self.depth + chained > MAX_DEPTH:
                    raise self.error(token.offset, "expression-too-deep", most=MAX_DEPTH)
                left = Binary(token.text, left, right, token.offset)
            else:
                self.depth -= 1
                return left

    def ternary(self, condition: Syntax) -> Syntax:
        offset = self.advance().offset
        self.count(offset)
        yes = self.expression(_TERNARY)
        self.expect(":")
        return Ternary(condition, yes, self.expression(0), offset)

    def prefix(self) -> Syntax:
        token = self.token
        self.count(token.offset)
        if token.kind == "int":
            self.advance()
            if int(token.value) > MAX_INT:
                raise self.error(token.offset, "expression-number-too-large", text=token.text)
            return Literal(token.value, token.offset)
        if token.kind == "string":
            self.advance()
            return Literal(token.value, token.offset)
        if token.kind == "word":
            return self.word()
        if token.text == "(" and token.kind == "operator":
            self.advance()
            inner = self.expression(0)
            self.expect(")")
            return self.no_member(inner)
        if token.text == "[":
            self.advance()
            return Items(self.listing("]"), token.offset)
        if token.text in ("!", "-") and token.kind == "operator":
            return self.unary()
        raise self.unexpected()

    def unary(self) -> Syntax:
        token = self.advance()
        after = self.token
        if token.text == "-" and after.kind == "int":
            self.advance()
            return Literal(-int(after.value), token.offset)
        return Unary(token.text, self.expression(_UNARY), token.offset)

    def word(self) -> Syntax:
        token = self.token
        if token.text in _EMPTY_WORDS:
            raise self.error(token.offset, "expression-no-null", text=token.text)
        if token.text in _OTHER_LANGUAGES:
            raise self.unexpected()
        if token.text in _RESERVED or token.text == "in":
            raise self.error(token.offset, "expression-reserved", text=token.text)
        self.advance()
        if token.text in ("true", "false"):
            return Literal(token.text == "true", token.offset)
        if self.token.text == "(" and self.token.kind == "operator":
            return self.call(token.text, token.offset)
        if self.token.text != "." or self.token.kind != "operator":
            return self.no_member(Name(token.text, token.offset))
        self.advance()
        member = self.token
        if member.kind != "word":
            raise self.unexpected()
        self.advance()
        if self.token.text == "(" and self.token.kind == "operator":
            return self.call(f"{token.text}.{member.text}", token.offset)
        return self.no_member(Select(token.text, member.text, member.offset, token.offset))

    def call(self, name: str, offset: int) -> Syntax:
        self.advance()
        return self.no_member(Call(name, self.listing(")"), offset))

    def listing(self, closing: str) -> tuple[Syntax, ...]:
        items: list[Syntax] = []
        while self.token.kind != "operator" or self.token.text != closing:
            items.append(self.expression(0))
            if self.token.text != "," or self.token.kind != "operator":
                break
            self.advance()
        self.expect(closing)
        return tuple(items)

    def no_member(self, node: Syntax) -> Syntax:
        """Refuse ``x.y.z``, ``x.startsWith(…)`` and ``x[…]`` by name."""
        token = self.token
        if token.kind != "operator" or token.text not in (".", "["):
            return node
        if token.text == "[":
            raise self.error(token.offset, "expression-no-index")
        method = self.tokens[self.position + 1].text
        raise self.error(token.offset + 1, "expression-no-method", text=method)


def _joined(token: Token, left: Syntax, right: Syntax) -> Logic:
    if isinstance(left, Logic) and left.operator == token.text:
        return Logic(token.text, (*left.operands, right), left.offset)
    return Logic(token.text, (left, right), token.offset)
