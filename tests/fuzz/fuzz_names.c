/* The data readers and the index compiler on damaged files: either an error with file and line, or an index that
 * holds together.
 *
 * Odd inputs are the two files themselves, parted by a zero byte.  Even ones are edits of well-formed files, three
 * bytes each: where (two), and the byte put there.
 */
#include "mkindex/builder.h"
#include "unicode/index.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Both files of the even inputs, DerivedName.txt up to the zero. */
static const char whole[] = "# DerivedName-15.0.0.txt\n"
                            "0020          ; SPACE\n"
                            "0021          ; EXCLAMATION MARK\n"
                            "00A0          ; NO-BREAK SPACE\n"
                            "00AD..00AF    ; SOFT-*\n"
                            "3400..3402    ; CJK UNIFIED IDEOGRAPH-*\n"
                            "AC00          ; HANGUL SYLLABLE GA\n"
                            "1F400         ; RAT\n"
                            "# EOF\n"
                            "\0"
                            "# NameAliases-15.0.0.txt\n"
                            "0000;NULL;control\n"
                            "0000;NUL;abbreviation\n"
                            "00A0;NBSP;abbreviation\n"
                            "1F400;MOUSE LIKE;correction\n";
enum {
    FILE_BYTES = 65536
};

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static size_t edit(const uint8_t *data, size_t size, char *out)
{
    memcpy(out, whole, sizeof whole - 1);
    for (; size >= 3; data += 3, size -= 3)
        out[(size_t)(data[0] << 8 | data[1]) % (sizeof whole - 1)] = (char)data[2];
    return sizeof whole - 1;
}

/* Each character is found under its code point, each word of the vocabulary under its number. */
static void check_index(const struct index *ix)
{
    size_t len;
    for (uint32_t i = 0; i < index_count(ix); i++) {
        expect(index_ordinal(ix, index_codepoint(ix, i)) == i);
        expect(index_name(ix, i, &len) && len > 0);
    }
    for (uint32_t a = 0; a < index_alias_count(ix); a++) {
        struct index_run run = index_aliases_of(ix, index_alias_ordinal(ix, a));
        expect(a >= run.first && a < run.end && index_alias(ix, a, &len) && len > 0);
    }
    for (uint32_t w = 0; w < index_word_count(ix); w++) {
        const char *text = index_word_text(ix, w, &len);
        expect(index_word(ix, text, len) == w);
        expect(index_postings(ix, w, INDEX_NAMES).count + index_postings(ix, w, INDEX_ALIASES).count > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char files[FILE_BYTES];
    if (size == 0 || size > FILE_BYTES)
        return 0;
    size_t len = data[0] % 2 ? size - 1 : edit(data + 1, size - 1, files);
    if (data[0] % 2)
        memcpy(files, data + 1, len);
    const char *zero = memchr(files, '\0', len);
    size_t first = zero ? (size_t)(zero - files) : len;

    struct ucd_error error = {""};
    struct ucd_file derived_name, aliases;
    struct names names;
    struct buffer image;
    ucd_open_memory(&derived_name, "N", files, first, UCD_CODEPOINTS, &error);
    ucd_open_memory(&aliases, "A", zero ? zero + 1 : files, zero ? len - first - 1 : 0, UCD_CODEPOINTS, &error);
    if (!names_from_files(&names, &derived_name, &aliases)) {
        expect((error.text[0] == 'N' || error.text[0] == 'A') && error.text[1] == ':');
    } else if (!builder_build(&names, &image, &error)) {
        expect(error.text[0] != '\0');
    } else {
        check_index((const struct index *)(const void *)image.data);
        buffer_free(&image);
    }
    names_free(&names);
    return 0;
}
