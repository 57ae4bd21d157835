package io.navarch.apiserver.flow;

import io.navarch.model.LimitResponseType;
import io.navarch.model.PriorityLevelConfiguration;
import io.navarch.model.PriorityLevelEnablement;
import java.util.Optional;
import java.util.OptionalInt;

/// What a PriorityLevelConfiguration says.
///
/// @param exempt nobody is held up
/// @param queues how many there are; 0 when those who find no seat are refused at once
/// @param hand how many of the queues a flow may use
/// @param lengthLimit of a queue, in calls
record LevelSettings(
        String name,
        String uid,
        boolean exempt,
        int shares,
        int lendablePercent,
        OptionalInt borrowingPercent,
        int queues,
        int hand,
        int lengthLimit) {
    static final String EXEMPT = "exempt";
    static final String CATCH_ALL = "catch-all";

    /// Shares of a level that says nothing of them.
    private static final int SHARES = 30;

    /// What counts while there is no object of these names.
    static final LevelSettings IMAGINED_EXEMPT =
            new LevelSettings(EXEMPT, "", true, 0, 0, OptionalInt.empty(), 0, 0, 0);

    static final LevelSettings IMAGINED_CATCH_ALL =
            new LevelSettings(CATCH_ALL, "", false, 5, 0, OptionalInt.empty(), 0, 0, 0);

    /// Empty when the object says what cannot be; then it counts as not there.
    static Optional<LevelSettings> of(PriorityLevelConfiguration object) {
        var spec = object.spec();
        boolean exempt = spec.type() == PriorityLevelEnablement.EXEMPT;
        var limited = spec.limited();
        if (exempt != object.name().equals(EXEMPT) || exempt == limited.exists()) return Optional.empty();
        var uid = object.metadata().uid();
        if (exempt) {
            var own = spec.exempt();
            return Optional.of(new LevelSettings(
                    EXEMPT,
                    uid,
                    true,
                    own.nominalConcurrencySharesOr(0),
                    own.lendablePercentOr(0),
                    OptionalInt.empty(),
                    0,
                    0,
                    0));
        }
        var queuing = limited.limitResponse().queuing();
        boolean queues = limited.limitResponse().type() == LimitResponseType.QUEUE;
        if (queues != queuing.exists()) return Optional.empty();
        var borrowing = limited.hasBorrowingLimitPercent()
                ? OptionalInt.of(limited.borrowingLimitPercent())
                : OptionalInt.empty();
        var settings = new LevelSettings(
                object.name(),
                uid,
                false,
                limited.nominalConcurrencySharesOr(SHARES),
                limited.lendablePercentOr(0),
                borrowing,
                queues ? queuing.queuesOr(64) : 0,
                queues ? queuing.handSizeOr(8) : 0,
                queues ? queuing.queueLengthLimitOr(50) : 0);
        boolean possible = !queues || settings.queues >= 1 && settings.hand >= 1 && settings.hand <= settings.queues;
        return possible ? Optional.of(settings) : Optional.empty();
    }
}
