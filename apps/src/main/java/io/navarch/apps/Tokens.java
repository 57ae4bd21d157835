package io.navarch.apps;

import io.navarch.apiserver.access.BearerTokens;
import io.navarch.authentication.TokenAuthenticator;
import io.navarch.kinds.secret.BootstrapTokens;
import io.navarch.kinds.serviceaccount.ServiceAccountTokens;
import io.navarch.schema.admission.User;
import java.util.List;
import java.util.Optional;

/// Every token that this server knows: of service accounts, of nodes that come, and those that others make.
record Tokens(ServiceAccountTokens accounts, BootstrapTokens bootstrap, TokenAuthenticator others)
        implements BearerTokens {
    @Override
    public Optional<User> verify(String token, List<String> audiences) {
        var account = accounts.verify(token, audiences);
        if (account.isPresent()) return account;
        // Those who make other tokens know nothing of audiences: all of theirs are meant for this server.
        if (!audiences.isEmpty() && audiences.stream().noneMatch(own()::contains)) return Optional.empty();
        return bootstrap.recognise(token).or(() -> others.recognise(token, own()));
    }

    @Override
    public List<String> audiences(String token) {
        return accounts.audiences(token);
    }

    @Override
    public List<String> own() {
        return List.of(accounts.issuer());
    }
}
