#include <idna.h>
#include <idn-free.h>
