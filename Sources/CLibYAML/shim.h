// libyaml (Debian: libyaml-dev), used only by the module YAMLDocument.
#ifndef MIPING_CLIBYAML_SHIM_H
#define MIPING_CLIBYAML_SHIM_H

#include <yaml.h>

#endif
