#pragma once

#include <string>

#include "daemon/api/connection.hpp"

/// Who makes room when there are too many: nobody locks the others out, neither by what anyone may do without
/// an account nor by one account. What costs its client least goes first: a connection without a request, one
/// that is answered and lingers, half a head, half a body, an answer that is not read, a stream.
namespace lobby::api {

/// A newcomer from this address: closes another connection when there are as many as there may be, in all or
/// from there. false: all of those wait for an answer, and it cannot come in.
bool make_room(Connections& all, const boost::asio::ip::address& from);

/// One more stream of this account: closes its oldest when it has as many as it may, or the oldest of the
/// account that has most when there are as many in all as leave room for those who only ask.
void make_room_for_stream(Connections& all, const std::string& account);

}  // namespace lobby::api
