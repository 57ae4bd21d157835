package io.navarch.admission;

import io.navarch.model.ParamKind;

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
        boolean ignored) {}
