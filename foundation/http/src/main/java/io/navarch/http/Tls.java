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
import javax.net.ssl.SSLException;

/// TLS contexts from PEM text.
public final class Tls {
    private Tls() {}

    /// A server that offers HTTP/2 and HTTP/1.1 and asks for a client certificate of this authority (`null`: none).
    public static SslContext server(String certificates, String key, String clientAuthority) {
        try {
            var builder = SslContextBuilder.forServer(stream(certificates), stream(key))
                    .sslProvider(SslProvider.OPENSSL)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1));
            if (clientAuthority != null) {
                builder.trustManager(stream(clientAuthority)).clientAuth(ClientAuth.OPTIONAL);
            }
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("unusable certificate or key: " + e.getMessage(), e);
        }
    }

    /// A client that trusts this authority (`null`: everyone) and shows this certificate (`null`: none).
    public static SslContext client(String authority, String certificate, String key) {
        try {
            var builder = SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL);
            if (authority == null) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
            } else {
                builder.trustManager(stream(authority));
            }
            if (certificate != null) builder.keyManager(stream(certificate), stream(key));
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("unusable certificate or key: " + e.getMessage(), e);
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }
}
