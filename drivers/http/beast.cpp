// Beast, compiled once for the whole house (BOOST_BEAST_SEPARATE_COMPILATION).
#include <boost/beast/src.hpp>
