#pragma once

#include <cstddef>
#include <string>

/// The benchmarks: each prints its figures and ratios, and throws only when something did not work.
namespace lobby::bench {

/// Tickets issued over HTTP, durable, by 1 and by 8 clients, against the bare disk.
void issue(int tickets);
/// Start to `ready`, and memory, with 20,000 tickets today and `older_events` before them, against an empty
/// hall.
void start(const std::string& site_file, long older_events);
/// The hall in memory: commands a second, a call with ever more waiting, and the estimates.
void hall_alone(int people);
/// Calls over HTTP, durable, in a hall of 120 windows with 5,000 waiting.
void call_next(int calls);
/// Start and memory at the end of a provincial day.
void province(std::size_t citizens);
/// A page of a large board made into a card's frame, beside copying its pixels.
void boards(int frames);
/// Strip signs as boards on one line, in virtual time: all of them told anew, one of them, and a call, beside
/// what the wire and the dialect's silences need.
void strips();
/// Eight walls on which a line scrolls, drawn at a screen's pace, beside the same line by SDL_ttf.
void drawing(double seconds);
/// Records of an evaluation's evidence appended one by one, beside a bare synced append; a bundle of
/// `records`, in thousands, verified.
void evidence_chain(int appends, int records);
/// Tickets made into a printer's bytes, beside the bare conversion of their text.
void compose(unsigned tickets);
/// `count` event streams: how long a call takes to reach all of them.
void streams(int count, int calls);

/// A year of so many tickets: its figures from nothing, each report of it, and whether such reports hold up
/// `calls` calls of the next ticket.
void reports(int tickets, int calls);

/// With so many cases known: an answer in which 1,000 of them moved, until it can be asked for, beside the
/// bare writing of these rows; and one that says nothing new.
void approvals(int cases, int polls);

/// The whole lobby while an approval system gives it so many cases: calls beside those in between, `calls` of
/// them before and after, and the memory beside that of a lobby without cases.
void approvals_resync(int cases, int calls);

/// Tickets from what is known to what stands on the paper.
void faces(int count);

/// The whole lobby and a printer that takes no time: from the durable begin of a print to its first byte, and
/// from the last byte of a status that changed to the durable event.
void printing(int tickets, int changes);

/// RS-485 lines at a wire's pace: how much of it they use beside bare libmodbus, from key to sign beside what
/// the wire needs, and what eight busy ones cost.
void bus_lines(double seconds);

/// Serial lines to ticket printers: how much of the wire a job uses, in virtual time and over a pty.
void printer_lines(double seconds);

}  // namespace lobby::bench
