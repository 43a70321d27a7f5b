// libpq (Debian: libpq-dev), used only by AuditLogProbe to read audit logs out of PostgreSQL tables.
#ifndef MIPING_CPOSTGRES_SHIM_H
#define MIPING_CPOSTGRES_SHIM_H

#include <libpq-fe.h>

#endif
