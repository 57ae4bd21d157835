package io.navarch.specs;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// A client's keys, of which it shows the first, whoever's certificates the server asks for.
final class ShowsAlways extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager keys;

    ShowsAlways(X509ExtendedKeyManager keys) {
        this.keys = keys;
    }

    private static final String NAME = "own";

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return new String[] {NAME};
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return NAME;
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
        return NAME;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal[] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return keys.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return keys.getPrivateKey(alias);
    }
}
