package io.navarch.apps;

import io.navarch.apiserver.access.CertificateUsers;
import io.navarch.apiserver.access.ClientAuthorities;
import io.navarch.apiserver.access.FrontProxy;
import io.navarch.http.Tls;
import io.navarch.objects.Json;
import io.navarch.pki.Pki;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A proxy in front of the API, as `--requestheader-…` describes it.
///
/// @param file of those who sign its certificates; without one there is no proxy
record FrontProxyConfig(Optional<Path> file, FrontProxy headers, Optional<Shown> shown) {
    /// The files of a certificate and its key, in PEM.
    record Shown(Path certificate, Path key) {
        Tls.Identity read() throws IOException {
            return new Tls.Identity(Files.readString(certificate), Files.readString(key));
        }
    }

    /// The common name of this server's certificate towards extension API servers.
    static final String OWN = "front-proxy-client";

    static final FrontProxyConfig NONE = new FrontProxyConfig(
            Optional.empty(), new FrontProxy(List.of(), List.of(), List.of(), List.of(), List.of()), Optional.empty());

    /// PEM text, as the file has it now.
    String authorities() throws IOException {
        return file.isPresent() ? Files.readString(file.get()) : "";
    }

    /// Whether a header of a call may say who calls.
    boolean says(String header) {
        return FrontProxy.STANDARD.says(header) || (file.isPresent() && headers.says(header));
    }

    CertificateUsers users(LiveCertificates certificates) throws IOException {
        var clients = certificates.keep(certificates.pki()::authorityPem, ClientAuthorities::of);
        if (file.isEmpty()) return new CertificateUsers(clients, Optional.empty());
        var authorities = certificates.keep(this::authorities, ClientAuthorities::of);
        if (headers.allowedNames().isEmpty() && authorities.get().overlap(clients.get()))
            throw new IOException(
                    "--requestheader-client-ca-file and --client-ca-file contain overlapping certificates;"
                            + " --requestheader-allowed-names must be specified to ensure regular client certificates cannot set"
                            + " authenticating proxy headers for arbitrary users");
        return new CertificateUsers(clients, Optional.of(new CertificateUsers.Proxy(authorities, headers)));
    }

    /// What extension API servers are shown; looked at anew when files have changed, or the end of its time is near.
    Supplier<Tls.Identity> identity(LiveCertificates certificates, Pki own) throws IOException {
        if (shown.isPresent()) return certificates.keep(shown.get()::read, same -> same);
        return certificates.keep(
                () -> {
                    own.refresh();
                    return own.client(OWN, OWN);
                },
                pair -> new Tls.Identity(pair.certificate(), pair.key()));
    }

    /// What extension API servers are told of who says who calls: this server, and the proxy if there is one.
    ///
    /// @param own authorities of this server's certificate
    Map<String, String> published(String own) throws IOException {
        var told = file.isPresent() ? headers : FrontProxy.STANDARD;
        var data = new LinkedHashMap<String, String>();
        data.put("requestheader-username-headers", json(told.usernameHeaders()));
        if (!told.uidHeaders().isEmpty()) data.put("requestheader-uid-headers", json(told.uidHeaders()));
        data.put("requestheader-group-headers", json(told.groupHeaders()));
        data.put("requestheader-extra-headers-prefix", json(told.extraPrefixes()));
        data.put("requestheader-client-ca-file", authorities() + (shown.isPresent() ? "" : own));
        data.put("requestheader-allowed-names", json(names()));
        return data;
    }

    /// No name stands for any: then this server's must not be the only one.
    private List<String> names() {
        if (file.isPresent() && headers.allowedNames().isEmpty()) return List.of();
        if (shown.isPresent()) return headers.allowedNames();
        return Stream.concat(headers.allowedNames().stream(), Stream.of(OWN)).toList();
    }

    private static String json(List<String> texts) {
        return new String(Json.write(texts), StandardCharsets.UTF_8);
    }
}
