// SPDX-License-Identifier: Apache-2.0
// qpdf's C interface: opening a PDF and walking its objects; no PDF is ever rendered or run.
#ifndef TIEOUT_CQPDF_H
#define TIEOUT_CQPDF_H
#include <qpdf/qpdf-c.h>
#endif
