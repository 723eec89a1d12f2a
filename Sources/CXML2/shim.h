// SPDX-License-Identifier: Apache-2.0
// libxml2's SAX2 push parser, with what Swift cannot see (macros, variadic callbacks) as inline functions.
#ifndef TIEOUT_CXML2_H
#define TIEOUT_CXML2_H
// Debian's libxml2 includes ICU's headers, whose types clash with those of Foundation's own ICU in one process of
// the compiler; nothing here looks at what is declared with them.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>
#include <string.h>

// The first error of one parser; what follows an error is a consequence of it.
typedef struct {
    int set;
    int code;
    int line;
    int column;
    char message[400];
} tieout_xml_error;

// The callback's error argument became const in libxml2 2.12; a cast hides the difference.
// Static only: libxml2 keeps the pointer for as long as this program runs.
static inline void tieout_xml_on_error(void *user, const xmlError *error) {
    (void)user;
    if (error == NULL || error->level < XML_ERR_ERROR || error->ctxt == NULL) return;
    xmlParserCtxtPtr context = (xmlParserCtxtPtr)error->ctxt;
    tieout_xml_error *first = (tieout_xml_error *)context->_private;
    if (first == NULL || first->set) return;
    first->set = 1;
    first->code = error->code;
    first->line = error->line;
    first->column = error->int2;
    strncpy(first->message, error->message ? error->message : "", sizeof(first->message) - 1);
}

// For errors that name no parser (bytes that an encoding does not have): libxml2 would print them.
static inline void tieout_xml_unsaid(void *user, const char *message, ...) {
    (void)user;
    (void)message;
}

static inline void tieout_xml_initialise(void) {
    xmlInitParser();
}

// A push parser with exactly these callbacks: no entity, no external subset, no DTD is ever looked at.
static inline xmlParserCtxtPtr tieout_xml_open(
    void *user, tieout_xml_error *error, startElementNsSAX2Func start, endElementNsSAX2Func end,
    charactersSAXFunc text, internalSubsetSAXFunc doctype) {
    xmlSAXHandler sax;
    memset(&sax, 0, sizeof(sax));
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = start;
    sax.endElementNs = end;
    sax.characters = text;
    sax.ignorableWhitespace = text;
    sax.cdataBlock = text;
    sax.internalSubset = doctype;
    sax.serror = (xmlStructuredErrorFunc)tieout_xml_on_error;
    // Both are kept per thread, so each parser sets them where it runs.
    xmlSetStructuredErrorFunc(NULL, (xmlStructuredErrorFunc)tieout_xml_on_error);
    xmlSetGenericErrorFunc(NULL, tieout_xml_unsaid);
    xmlParserCtxtPtr context = xmlCreatePushParserCtxt(&sax, user, NULL, 0, NULL);
    if (context == NULL) return NULL;
    context->_private = error;
    // HUGE lifts the 10 MB limit of one text node (embedded documents); its bomb limits are replaced by
    // refusing every DOCTYPE and by the counters of the caller.
    xmlCtxtUseOptions(context, XML_PARSE_HUGE | XML_PARSE_NONET);
    return context;
}

// Names and namespaces that the parser has met, and a few of its own.
static inline int tieout_xml_names(xmlParserCtxtPtr context) {
    return context && context->dict ? xmlDictSize(context->dict) : 0;
}

static inline int tieout_xml_line(xmlParserCtxtPtr context) {
    return context->input ? context->input->line : 0;
}

static inline int tieout_xml_column(xmlParserCtxtPtr context) {
    return context->input ? context->input->col : 0;
}

// Bytes that were pushed and not parsed yet: one unfinished tag, comment or instruction.
static inline long tieout_xml_pending(xmlParserCtxtPtr context) {
    return context->input ? (long)(context->input->end - context->input->cur) : 0;
}

static inline int tieout_xml_push(xmlParserCtxtPtr context, const char *bytes, int count, int last) {
    int code = xmlParseChunk(context, bytes, count, last);
    tieout_xml_error *first = (tieout_xml_error *)context->_private;
    // Bytes that the encoding does not have end the parser without a word to its own callback; XML_PARSER_EOF is -1.
    if ((code == XML_ERR_INVALID_ENCODING || code == -1) && first != NULL && !first->set) {
        first->set = 1;
        first->code = XML_ERR_INVALID_ENCODING;
        first->line = context->input ? context->input->line : 0;
        first->column = context->input ? context->input->col : 0;
        strncpy(first->message, "they cannot be decoded", sizeof(first->message) - 1);
    }
    return code;
}
#endif
