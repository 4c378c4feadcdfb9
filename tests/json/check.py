#!/usr/bin/env python3
"""Puts what mojifinder says in JSON through a parser that is not ours, and compares it with the other formats.

Usage: MOJIFINDER=build/mojifinder tests/json/check.py.  Ends with "N passed, N failed".
"""
import json
import os
import subprocess
import sys
import unicodedata
import urllib.parse

PROGRAM = os.environ.get("MOJIFINDER", "build/mojifinder")
CARD_KEYS = ("cp dec char kind name aliases alias_kinds category category_name script script_code block age width "
             "width_name combining_class bidi_class bidi_class_name utf8 utf16 html c json url decomposition_type "
             "decomposition upper lower title").split()


def run(*args, text=None):
    """Its stdout; it must have found something."""
    done = subprocess.run([PROGRAM, *args], input=None if text is None else text.encode("utf-8"), check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=None if text else subprocess.DEVNULL)
    return done.stdout.decode("utf-8")


def no_twins(pairs):
    """An object with a key twice would lose one of the two."""
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


PARSER = json.JSONDecoder(object_pairs_hook=no_twins)


def lines_of(text):
    """Splits at LF alone: str.splitlines() knows many more line ends."""
    assert text.endswith("\n")
    return text[:-1].split("\n")


def objects(text):
    for line in lines_of(text):
        assert line.isprintable() or not line.isascii(), line
        yield PARSER.decode(line)


def session(lines, form):
    """What a session without prompts says to these lines."""
    text = "/prompt off\n/format %s\n%s\n" % (form, "\n".join(lines))
    out = subprocess.run([PROGRAM, "--stdio", "--max-line", "65536"], input=text.encode("utf-8"), check=True,
                         stdout=subprocess.PIPE).stdout.decode("utf-8")
    return out.replace("\r\n", "\n").removeprefix("?> ")


def equal(got, wanted, what):
    assert got == wanted, "%s: %r instead of %r" % (what, got, wanted)


def check_match(o, columns):
    """A match in JSON is what it is in the columns of tsv."""
    cp, char, name, alias = columns
    equal(o["cp"], cp, cp)
    equal(o["name"], name, cp)
    equal(o.get("alias", ""), alias, cp)
    equal(ord(o["char"]), int(cp[2:], 16), cp)
    if unicodedata.category(o["char"]) != "Cc":
        equal(o["char"], char, cp)
    equal(set(o) - {"alias"}, {"cp", "char", "name"}, cp)


def every_character():
    query = "in:0..10FFFF"
    rows = [line.split("\t") for line in lines_of(run("--format=tsv", query))]
    found = list(objects(run("--format=json", query)))
    equal(found.pop(), {"found": len(rows)}, "the last line")
    equal(len(found), len(rows), "matches")
    assert len(rows) > 100000
    for o, row in zip(found, rows):
        check_match(o, row)


def every_character_explained():
    text = "".join(map(chr, UNIVERSE + OTHERS))
    found = [o for o in objects(run("--format=json", "--explain=-", text=text)) if "note" not in o]
    equal(found.pop(), {"found": len(text)}, "the last line")
    for o, char in zip(found, text):
        equal((o["char"], o["cp"]), (char, "U+%04X" % ord(char)), "character")


def spellings(c):
    """utf8, utf16, url, JSON's own and the character, by Python's codecs."""
    if 0xD800 <= c <= 0xDFFF:
        return None, None, None, chr(c), None
    char = chr(c)
    utf8 = char.encode()
    return utf8.hex(" ").upper(), char.encode("utf-16-be").hex(" ", 2).upper(), utf8, char, char


def check_card(o, c):
    url = urllib.parse.unquote_to_bytes(o["url"]) if o["url"] else None
    equal((o["cp"], o["dec"]), ("U+%04X" % c, c), c)
    equal((o["utf8"], o["utf16"], url, json.loads('"%s"' % o["json"]), o["char"]), spellings(c), c)
    equal(o["html"] or "&#x%X;" % c, "&#x%X;" % c, c)
    equal(len(o["aliases"]), len(o["alias_kinds"]), c)
    name = unicodedata.name(chr(c), None)
    if name:
        equal(o["name"], name, c)
        kind, _, points = unicodedata.decomposition(chr(c)).rpartition("> ")
        wanted = kind[1:] or ("canonical" if points else None), ["U+" + p for p in points.split()]
        if not 0xAC00 <= c <= 0xD7A3:  # Python decomposes these in one step
            equal((o["decomposition_type"], o["decomposition"]), wanted, c)


def every_card():
    points = UNIVERSE + OTHERS + list(range(0xD800, 0xE000, 64))
    lines = lines_of(run("--format=json", "--info=-", text="\n".join("U+%04X" % c for c in points)))
    equal(len(lines), len(points), "cards")
    for line, c in zip(lines, points):
        o = json.loads(line) if c % 64 else PARSER.decode(line)  # which takes twice as long
        equal(list(o), CARD_KEYS, c)
        check_card(o, c)
        if o["aliases"]:
            ALIASES[c] = o["aliases"]


def same_lines(lines):
    """What these lines are answered in JSON is what they are answered in text: notes, errors, matches, counts."""
    text = lines_of(session(lines, "text"))
    answers = list(objects(session(lines, "json").removeprefix("# ok\n")))
    equal(len(answers), len(text) - 1, "lines")
    for o, line in zip(answers, text[1:]):
        if "cp" in o:
            equal([o["cp"], o["name"]], line.split("\t")[0:3:2], line)
            equal(["%s %s" % (key, o[key]) for key in ("alias", "also") if key in o], line.split("\t")[3:], line)
        elif "word" in o:
            equal("%s\t%d" % (o["word"], o["count"]), line, line)
        elif "found" in o:
            equal("%s %d found" % (66 * "\u2500", o["found"]), line, line)
        else:
            equal({"# ok": {"ok": True}}.get(line, {{"#": "note", "!": "error"}[line[0]]: line[2:]}), o, line)
    return answers


def every_alias():
    lines = ['"%s"' % alias for c in ALIASES for alias in ALIASES[c]]
    assert len(lines) > 400
    answers = same_lines(lines)
    seen = {(int(o["cp"][2:], 16), o["alias"]) for o in answers if "alias" in o}
    for c, alias in seen:
        assert alias in ALIASES[c], (c, alias)
    assert len(seen) > 400, len(seen)


def cards_on_the_wire():
    points = [c for c in UNIVERSE if c < 0x800 or c % 97 == 0] + OTHERS[::70] + [0xD800, 0xDFFF]
    same_lines(["/info U+%04X" % c for c in points])


def errors_and_notes():
    forms = ("/foo%s", "/info x%sy", "/list %s", "/words q%s q", "/columns %s", "/count (%s", 'blk:"x%sx"', "(%s",
             'zq%sj', "\\%s%s", "&%s;", "a|%s|", "%s:x", "age:%s", "U+%s", "%%2%s", '"x%s', "in:%s", "zqj %sx cat",
             "/limit %s", "/sort %s", "/display %s", "/help %s", "/quit %s", "/explain x%sx")
    chars = [chr(c) for c in range(0x21, 0x7F)] + list("\u00E9\u265A\u202E\u2028\U0001F431\U000E0001\U000F0000\u0085x")
    same_lines([form.replace("%s", char).replace("%%", "%") for form in forms for char in chars])
    same_lines(["/" + name for name in "help columns limit sort display prompt version more count words".split()] +
               ["/help " + name for name in "info explain format limit more count list words".split()])


def notes_of_dead_ends():
    words = ("quen quen$chess zz*z a*zz 20ac 1234 U+E000 U+D800 U+FFFE U+0378 U+E000..U+E010 ß\u0131 quit help "
             "((x|y)) :smile: $ \" \\ # _").split()
    same_lines(words + ["quen chess", "black queen cat", "gc:Sm blk:Arrows quen", "\uFEFFcat face", "\u201Ccat face\u201D"])


def lists():
    for name in ("blocks", "scripts", "categories", "properties"):
        (document,) = objects(run("--format=json", "--list", name))
        equal((list(document), document["list"]), (["list", "values"], name), name)
        rows = [line.split("\t") for line in lines_of(run("--format=tsv", "--list", name))]
        equal([[v["name"], v["short"], str(v["count"])] for v in document["values"]], rows, name)
        same_lines(["/list " + name, "/list %s *a*" % name, "/list %s zzz" % name])


def words():
    found = list(objects(run("--format=json", "--words=*")))
    rows = [line.split("\t") for line in lines_of(run("--format=tsv", "--words=*"))]
    equal(found.pop(), {"found": len(rows)}, "the last line")
    equal([[o["word"], str(o["count"])] for o in found], rows, "words")
    same_lines(["/words *ello*", "/words zzz*"])


UNIVERSE = [int(line[2:], 16) for line in lines_of(run("--format=codes", "in:0..10FFFF"))]
OTHERS = [c for c in sorted(set(range(0x110000)) - set(UNIVERSE) - set(range(0xD800, 0xE000)))
          if c % 127 == 0 or c & 0xFFFE == 0xFFFE]
ALIASES = {}


def main():
    passed = failed = 0
    for test in (every_character, every_character_explained, every_card, every_alias, cards_on_the_wire,
                 errors_and_notes, notes_of_dead_ends, lists, words):
        try:
            test()
            passed += 1
        except Exception as why:  # whatever it is, the other tests run
            failed += 1
            print("FAIL %s: %s: %s" % (test.__name__, type(why).__name__, str(why)[:1000]))
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
