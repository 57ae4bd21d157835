package io.navarch.join;

import io.navarch.client.Client;
import io.navarch.kinds.certificatesigningrequest.FreshKey;
import io.navarch.kinds.certificatesigningrequest.RequestProgress;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Asks the API for a certificate and waits until it is there.
public record CertificateOrder(Client client, InstantSource clock) {
    private static final long LOOK_MILLIS = 500;

    /// The request as the server has taken it.
    ///
    /// @param life how long the certificate is to live, zero for as long as the signer likes
    public CertificateSigningRequest place(
            String prefix, FreshKey key, String signer, List<String> usages, Duration life) {
        var request = CertificateSigningRequest.builder()
                .metadata(metadata -> metadata.generateName(prefix))
                .spec(spec -> {
                    spec.signerName(signer).usages(usages).request(key.request().getBytes(StandardCharsets.US_ASCII));
                    if (!life.isZero()) spec.expirationSeconds((int) life.toSeconds());
                });
        return client.create(Resources.CERTIFICATE_SIGNING_REQUESTS, request.build());
    }

    /// The certificate as PEM text.
    ///
    /// @throws IOException when it will never come, or has not come in time
    public String await(CertificateSigningRequest placed, Duration patience) throws IOException, InterruptedException {
        var end = clock.instant().plus(patience);
        var what = "the request " + placed.name() + " for a certificate ";
        while (true) {
            switch (progress(placed)) {
                case RequestProgress.Issued issued -> {
                    return issued.certificate();
                }
                case RequestProgress.Refused refused ->
                    throw new IOException(what + "came to nothing: " + refused.why());
                case RequestProgress.Gone gone -> throw new IOException(what + "is gone: nobody has answered it");
                case RequestProgress.Waiting waiting -> {
                    if (end.isBefore(clock.instant()))
                        throw new IOException(what
                                + (waiting.approved() ? "has not been signed" : "has not been approved")
                                + " in time");
                }
            }
            TaskScope.pause(LOOK_MILLIS);
        }
    }

    /// A server that is away for a while may be back soon.
    private RequestProgress progress(CertificateSigningRequest placed) {
        try {
            return RequestProgress.of(client.find(Resources.CERTIFICATE_SIGNING_REQUESTS, placed.key()));
        } catch (ApiException e) {
            if (e.reason() != ApiException.Reason.SERVICE_UNAVAILABLE) throw e;
            return new RequestProgress.Waiting(false);
        }
    }
}
