package io.navarch.admission;

import io.navarch.model.MatchCondition;
import io.navarch.model.MatchResources;
import io.navarch.model.ParamKind;
import java.util.List;

/// What policies of both sorts have.
///
/// @param parameters of what kind they are; absent when there are none
/// @param variables that its expressions can name
/// @param ignored whether calls go on when an expression fails
record PolicyFacts(
        String name,
        CallMatch match,
        ParamKind parameters,
        Conditions conditions,
        NamedExpressions variables,
        boolean ignored) {
    /// @param conditions under which calls are looked at, which may name the variables
    static PolicyFacts of(
            String name,
            MatchResources match,
            ParamKind parameters,
            List<MatchCondition> conditions,
            NamedExpressions variables,
            boolean ignored) {
        return new PolicyFacts(
                name,
                CallMatch.of(match),
                parameters,
                Conditions.of(conditions, variables.scope().comingTo("bool"), ignored),
                variables,
                ignored);
    }
}
