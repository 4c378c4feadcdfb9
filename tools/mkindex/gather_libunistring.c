/* Takes from libunistring what it knows of properties, for builds without a Unicode Character Database. */
#include "gather.h"

#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

static void name_value(struct gather *g, uint32_t table, uint32_t low, uint32_t high, const char *short_name,
                       const char *long_name)
{
    gather_value(g, table, low, high);
    gather_name(g, short_name, strlen(short_name));
    gather_name(g, long_name, strlen(long_name));
    gather_name_end(g);
}

static void categories(struct gather *g)
{
    static const char *const groups[] = {"LC", "L", "M", "N", "P", "S", "Z", "C"};
    uint16_t *table = g->table[PROPS_CATEGORY];
    for (uint32_t i = 0; i < CATEGORIES; i++) {
        uc_general_category_t gc = uc_general_category_byname(gather_category[i]);
        name_value(g, PROPS_CATEGORY, i, i, gather_category[i], uc_general_category_long_name(gc));
        for (uint32_t c = 0; c < CODEPOINTS; c++)
            if (uc_is_general_category(c, gc))
                table[c] = (uint16_t)i;
    }
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        uint32_t low, high;
        if (gather_group(groups[i], &low, &high))
            name_value(g, PROPS_CATEGORY, low, high, groups[i],
                       uc_general_category_long_name(uc_general_category_byname(groups[i])));
    }
}

static void scripts(struct gather *g)
{
    const uc_script_t *all;
    size_t count;
    uc_all_scripts(&all, &count);
    name_value(g, PROPS_SCRIPT, 0, 0, "Zzzz", "Unknown");
    for (uint32_t i = 0; i < count; i++)
        name_value(g, PROPS_SCRIPT, i + 1, i + 1, all[i].name, all[i].name);
    for (uint32_t c = 0; c < CODEPOINTS; c++) {
        const uc_script_t *script = uc_script(c);
        g->table[PROPS_SCRIPT][c] = script ? (uint16_t)(script - all + 1) : 0;
    }
}

static void blocks(struct gather *g)
{
    const uc_block_t *all;
    size_t count;
    uc_all_blocks(&all, &count);
    name_value(g, PROPS_BLOCK, 0, 0, "NB", "No_Block");
    for (uint32_t i = 0; i < count; i++) {
        name_value(g, PROPS_BLOCK, i + 1, i + 1, all[i].name, all[i].name);
        for (uint32_t c = all[i].start; c <= all[i].end; c++)
            g->table[PROPS_BLOCK][c] = (uint16_t)(i + 1);
    }
}

static void classes(struct gather *g)
{
    for (uint32_t c = 0; c < CODEPOINTS; c++) {
        g->table[PROPS_COMBINING][c] = (uint16_t)uc_combining_class(c);
        g->table[PROPS_BIDI][c] = (uint16_t)uc_bidi_class(c);
    }
    for (uint32_t i = 0; i < 256; i++) {
        const char *name = uc_combining_class_name((int)i);
        if (name)
            name_value(g, PROPS_COMBINING, i, i, name, uc_combining_class_long_name((int)i));
    }
    for (uint32_t i = 0; uc_bidi_class_name((int)i); i++)
        name_value(g, PROPS_BIDI, i, i, uc_bidi_class_name((int)i), uc_bidi_class_long_name((int)i));
}

/* PropertyAliases.txt, as far as the property is in the files gather_ucd.c reads. */
static const char *const binary_names[][2] = {{"AHex", "ASCII_Hex_Digit"},
                                              {"Alpha", "Alphabetic"},
                                              {"Bidi_C", "Bidi_Control"},
                                              {"Bidi_M", "Bidi_Mirrored"},
                                              {"Cased", "Cased"},
                                              {"CI", "Case_Ignorable"},
                                              {"CWCM", "Changes_When_Casemapped"},
                                              {"CWCF", "Changes_When_Casefolded"},
                                              {"CWL", "Changes_When_Lowercased"},
                                              {"CWT", "Changes_When_Titlecased"},
                                              {"CWU", "Changes_When_Uppercased"},
                                              {"Dash", "Dash"},
                                              {"Dep", "Deprecated"},
                                              {"DI", "Default_Ignorable_Code_Point"},
                                              {"Dia", "Diacritic"},
                                              {"EBase", "Emoji_Modifier_Base"},
                                              {"EComp", "Emoji_Component"},
                                              {"EMod", "Emoji_Modifier"},
                                              {"Emoji", "Emoji"},
                                              {"EPres", "Emoji_Presentation"},
                                              {"Ext", "Extender"},
                                              {"ExtPict", "Extended_Pictographic"},
                                              {"Gr_Base", "Grapheme_Base"},
                                              {"Gr_Ext", "Grapheme_Extend"},
                                              {"Gr_Link", "Grapheme_Link"},
                                              {"Hex", "Hex_Digit"},
                                              {"Hyphen", "Hyphen"},
                                              {"IDC", "ID_Continue"},
                                              {"Ideo", "Ideographic"},
                                              {"IDS", "ID_Start"},
                                              {"IDSB", "IDS_Binary_Operator"},
                                              {"IDST", "IDS_Trinary_Operator"},
                                              {"Join_C", "Join_Control"},
                                              {"LOE", "Logical_Order_Exception"},
                                              {"Lower", "Lowercase"},
                                              {"Math", "Math"},
                                              {"NChar", "Noncharacter_Code_Point"},
                                              {"OAlpha", "Other_Alphabetic"},
                                              {"ODI", "Other_Default_Ignorable_Code_Point"},
                                              {"OGr_Ext", "Other_Grapheme_Extend"},
                                              {"OIDC", "Other_ID_Continue"},
                                              {"OIDS", "Other_ID_Start"},
                                              {"OLower", "Other_Lowercase"},
                                              {"OMath", "Other_Math"},
                                              {"OUpper", "Other_Uppercase"},
                                              {"Pat_Syn", "Pattern_Syntax"},
                                              {"Pat_WS", "Pattern_White_Space"},
                                              {"PCM", "Prepended_Concatenation_Mark"},
                                              {"QMark", "Quotation_Mark"},
                                              {"Radical", "Radical"},
                                              {"RI", "Regional_Indicator"},
                                              {"SD", "Soft_Dotted"},
                                              {"STerm", "Sentence_Terminal"},
                                              {"Term", "Terminal_Punctuation"},
                                              {"UIdeo", "Unified_Ideograph"},
                                              {"Upper", "Uppercase"},
                                              {"VS", "Variation_Selector"},
                                              {"WSpace", "White_Space"},
                                              {"XIDC", "XID_Continue"},
                                              {"XIDS", "XID_Start"}};

static bool binaries(struct gather *g)
{
    for (size_t i = 0; i < sizeof binary_names / sizeof *binary_names; i++) {
        uc_property_t property = uc_property_byname(binary_names[i][1]);
        if (!uc_property_is_valid(property))
            continue;
        uint32_t table = gather_binary(g, (struct ucd_text){binary_names[i][0], strlen(binary_names[i][0])},
                                       (struct ucd_text){binary_names[i][1], strlen(binary_names[i][1])});
        if (!table)
            return false;
        for (uint32_t c = 0; c < CODEPOINTS; c++)
            g->table[table][c] = uc_is_property(c, property);
    }
    return true;
}

static const char *decomposition_tag(int tag)
{
    static const char *const tags[] = {
        [UC_DECOMP_CANONICAL] = "",           [UC_DECOMP_FONT] = "<font> ",         [UC_DECOMP_NOBREAK] = "<noBreak> ",
        [UC_DECOMP_INITIAL] = "<initial> ",   [UC_DECOMP_MEDIAL] = "<medial> ",     [UC_DECOMP_FINAL] = "<final> ",
        [UC_DECOMP_ISOLATED] = "<isolated> ", [UC_DECOMP_CIRCLE] = "<circle> ",     [UC_DECOMP_SUPER] = "<super> ",
        [UC_DECOMP_SUB] = "<sub> ",           [UC_DECOMP_VERTICAL] = "<vertical> ", [UC_DECOMP_WIDE] = "<wide> ",
        [UC_DECOMP_NARROW] = "<narrow> ",     [UC_DECOMP_SMALL] = "<small> ",       [UC_DECOMP_SQUARE] = "<square> ",
        [UC_DECOMP_FRACTION] = "<fraction> ", [UC_DECOMP_COMPAT] = "<compat> "};
    return tag >= 0 && (size_t)tag < sizeof tags / sizeof *tags && tags[tag] ? tags[tag] : "<compat> ";
}

static void characters(struct gather *g)
{
    for (uint32_t c = 0; c < CODEPOINTS; c++) {
        int tag;
        ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
        gather_pair(g, c, uc_toupper(c), uc_tolower(c), uc_totitle(c));
        if (c >= 0xAC00 && c <= 0xD7A3)
            continue; /* by rule */
        int count = uc_decomposition(c, &tag, parts);
        if (count <= 0)
            continue;
        char text[8 * UC_DECOMPOSITION_MAX_LENGTH + NAME_CHARS];
        int len = snprintf(text, sizeof text, "%s", decomposition_tag(tag));
        for (int i = 0; i < count; i++)
            len += snprintf(text + len, sizeof text - (size_t)len, i ? " %04X" : "%04X", (unsigned)parts[i]);
        gather_decomposition(g, c, text, (size_t)len);
    }
}

bool gather_from_libunistring(struct gather *g)
{
    categories(g);
    scripts(g);
    blocks(g);
    classes(g);
    if (!binaries(g))
        return false;
    characters(g);
    return true;
}
