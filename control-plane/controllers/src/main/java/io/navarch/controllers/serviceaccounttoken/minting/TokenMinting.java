package io.navarch.controllers.serviceaccounttoken.minting;

import io.navarch.controllers.serviceaccounttoken.ServiceAccountTokenController.Seen;
import io.navarch.model.Secret;
import io.navarch.model.ServiceAccount;
import io.navarch.reconcile.ReadStep;
import java.time.Instant;
import java.util.function.BiFunction;

/// Makes the token of a Secret that has none.
///
/// @param signer makes the token of an account that is bound to a Secret
public record TokenMinting(BiFunction<ServiceAccount, Secret, String> signer) implements ReadStep<Seen> {
    @Override
    public Seen read(Seen seen, Instant now) {
        if (!seen.needsToken()) return seen;
        return new Seen(seen.secret(), seen.account(), signer.apply(seen.account(), seen.secret()), seen.trusted());
    }
}
