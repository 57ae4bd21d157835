package io.navarch.apps;

import io.navarch.apiserver.access.CertificateUsers;
import io.navarch.apiserver.access.ClientAuthorities;
import io.navarch.apiserver.access.FrontProxy;
import io.navarch.objects.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A proxy in front of the API, as `--requestheader-…` describes it.
///
/// @param file of those who sign its certificates; without one there is no proxy
record FrontProxyConfig(Optional<Path> file, FrontProxy headers) {
    static final FrontProxyConfig NONE = new FrontProxyConfig(
            Optional.empty(), new FrontProxy(List.of(), List.of(), List.of(), List.of(), List.of()));

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

    /// What extension API servers are told of it.
    Map<String, String> published() throws IOException {
        var data = new LinkedHashMap<String, String>();
        if (file.isEmpty()) return data;
        data.put("requestheader-username-headers", json(headers.usernameHeaders()));
        if (!headers.uidHeaders().isEmpty()) data.put("requestheader-uid-headers", json(headers.uidHeaders()));
        data.put("requestheader-group-headers", json(headers.groupHeaders()));
        data.put("requestheader-extra-headers-prefix", json(headers.extraPrefixes()));
        data.put("requestheader-client-ca-file", authorities());
        data.put("requestheader-allowed-names", json(headers.allowedNames()));
        return data;
    }

    private static String json(List<String> texts) {
        return new String(Json.write(texts), StandardCharsets.UTF_8);
    }
}
