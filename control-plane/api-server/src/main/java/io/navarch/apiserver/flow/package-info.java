/// Priority and fairness: which calls are served now, which wait, and which are told to come again.
///
/// [io.navarch.apiserver.flow.FlowRules] says which flow a call belongs to,
/// [io.navarch.apiserver.flow.WorkEstimator] how many seats it takes, [io.navarch.apiserver.flow.FairQueues]
/// who gets the next free seat of a level, and [io.navarch.apiserver.flow.SeatShares] how many seats each level
/// has. [io.navarch.apiserver.flow.PriorityLevels] holds them together; start there.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/flow-control/ and KEP-1040
@NullMarked
package io.navarch.apiserver.flow;

import org.jspecify.annotations.NullMarked;
