package io.navarch.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// TLS contexts from PEM text.
public final class Tls {
    /// Contexts put their key into a store of this kind in memory. The usual kind would encrypt it there with a key of
    /// 10 000 rounds, which takes longer than all else of a context.
    private static final String KEYS = "JKS";

    private Tls() {}

    /// A server that offers HTTP/2 and HTTP/1.1 and asks for no client certificate.
    public static SslContext server(String certificates, String key) {
        return server(certificates, key, Optional.empty());
    }

    /// A server that offers HTTP/2 and HTTP/1.1 and asks for a client certificate of this authority.
    public static SslContext server(String certificates, String key, String clientAuthority) {
        return server(certificates, key, Optional.of(clientAuthority));
    }

    /// A server as above that asks for a client certificate of these authorities and takes any: who handles the calls
    /// decides with each whether it is to be believed.
    public static SslContext asking(String certificates, String key, String clientAuthorities) {
        try {
            return builder(certificates, key)
                    .trustManager(TakesAny.naming(clientAuthorities))
                    .clientAuth(ClientAuth.OPTIONAL)
                    .build();
        } catch (SSLException e) {
            throw unusable(e);
        }
    }

    private static SslContext server(String certificates, String key, Optional<String> clientAuthority) {
        try {
            var builder = builder(certificates, key);
            clientAuthority.ifPresent(
                    authority -> builder.trustManager(stream(authority)).clientAuth(ClientAuth.OPTIONAL));
            return builder.build();
        } catch (SSLException e) {
            throw unusable(e);
        }
    }

    private static SslContextBuilder builder(String certificates, String key) {
        return identity(new Identity(certificates, key), SslContextBuilder::forServer, SslContextBuilder::forServer)
                .keyStoreType(KEYS)
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1));
    }

    private static IllegalArgumentException unusable(Exception e) {
        return new IllegalArgumentException("unusable certificate or key: " + e.getMessage(), e);
    }

    /// A certificate with its key.
    public record Identity(String certificate, String key) {}

    private interface Parsed {
        SslContextBuilder with(PrivateKey key, X509Certificate... chain);
    }

    private interface Texts {
        SslContextBuilder with(InputStream chain, InputStream key);
    }

    /// Keys of the plain form are read here: for the others all of Bouncy Castle is loaded.
    private static SslContextBuilder identity(Identity own, Parsed parsed, Texts texts) {
        var key = PemKey.plain(own.key);
        if (key.isEmpty()) return texts.with(stream(own.certificate), stream(own.key));
        return parsed.with(key.get(), PemCertificates.read(own.certificate).toArray(X509Certificate[]::new));
    }

    /// Whom a client believes to be the server it called.
    public sealed interface Trust {
        /// Those whom one of these certificates vouches for, in PEM.
        record Authorities(String certificates) implements Trust {}

        /// Those whom this machine trusts.
        record Machine() implements Trust {}

        /// Everybody, whoever it is.
        record Anyone() implements Trust {}
    }

    /// A client that trusts this authority and shows this certificate.
    public static SslContext client(String authority, String certificate, String key) {
        return client(new Trust.Authorities(authority), Optional.of(new Identity(certificate, key)));
    }

    /// @param identity what servers are shown
    public static SslContext client(Trust trust, Optional<Identity> identity) {
        try {
            var builder = SslContextBuilder.forClient().keyStoreType(KEYS).sslProvider(SslProvider.OPENSSL);
            switch (trust) {
                case Trust.Authorities authorities -> builder.trustManager(stream(authorities.certificates));
                case Trust.Machine machine -> {}
                case Trust.Anyone anyone ->
                    builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            }
            identity.ifPresent(own -> identity(own, builder::keyManager, builder::keyManager));
            return builder.build();
        } catch (SSLException e) {
            throw unusable(e);
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
