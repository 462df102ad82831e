// The exporter `loadbalancing`: each trace goes to the member that the hash ring gives it (hash_ring.h), so that all of
// its spans meet in one place. One exporter to the pipelines and in the ledger; inside, one OTLP exporter a member.
//
//   Offer() -> taken apart by owner -> the member's queue -> its thread -> the member
//   resolver -> names -> [keeper thread: members begin and leave, what waited for those that left is routed again]
//
// As a connector it knows which of the members is this process (self_finder.h). The pipelines give it what belongs to
// others only; what was offered before that was known goes to this process's pipelines from within (own_member.h).
//
// While there are no members, what is offered waits in a queue of its own, and is routed when the first one comes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "collector/exporters/balancing/member_resolver.h"
#include "collector/exporters/exporter.h"
#include "collector/exporters/remote_exporter.h"
#include "collector/telemetry/log.h"
#include "config/model.h"

namespace tailrace {

// Makes the exporter to one member, not started. `config` has the member's endpoint and id.
using MakeMember = std::function<std::unique_ptr<RemoteExporter>(const config::OtlpExporterConfig& config,
                                                                 std::shared_ptr<DeadLetters> dead_letters)>;

// `logger` and `clock` outlive the exporter.
std::unique_ptr<Exporter> MakeLoadBalancingExporter(const config::LoadBalancingConfig& config, Logger& logger,
                                                    const Clock& clock);
// The same with members and a resolver of the caller's.
std::unique_ptr<Exporter> MakeLoadBalancingExporter(const config::LoadBalancingConfig& config,
                                                    std::unique_ptr<MemberResolver> resolver, MakeMember make_member,
                                                    Logger& logger, const Clock& clock);

}  // namespace tailrace
