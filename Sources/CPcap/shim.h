// libpcap (Debian: libpcap-dev), used only by TLSProbe to read capture files.
#ifndef MIPING_CPCAP_SHIM_H
#define MIPING_CPCAP_SHIM_H

#include <pcap/pcap.h>

#endif
