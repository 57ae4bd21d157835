package io.navarch.controllers.certificate.signing;

import io.navarch.client.Client;
import io.navarch.controllers.certificate.CertificateController.Answer;
import io.navarch.controllers.certificate.CertificateController.AutoApproval;
import io.navarch.controllers.certificate.CertificateController.Seen;
import io.navarch.controllers.certificate.CertificateRules;
import io.navarch.controllers.certificate.Signer;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest;
import io.navarch.model.CertificateSigningRequest;
import io.navarch.model.Resources;
import io.navarch.model.SubjectAccessReview;
import io.navarch.reconcile.ReadStep;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Asks whether a node may have a certificate, and signs what has been approved; what does not want either is left
/// alone.
///
/// @param serials random: the serial numbers of certificates must not be guessable
public record CertificateAnswers(Client client, Signer signer, RandomGenerator serials) implements ReadStep<Seen> {
    private static final int SERIAL_BYTES = 15;

    @Override
    public Seen read(Seen seen, Instant now) {
        var request = seen.request();
        return switch (CertificateRules.wants(request, now)) {
            case APPROVAL -> new Seen(request, approval(request));
            case CERTIFICATE -> new Seen(request, certificate(request, now));
            case NOTHING -> seen;
        };
    }

    private Answer approval(CertificateSigningRequest request) {
        return asked(request)
                .filter(asked -> CertificateRules.problem(request, asked).isEmpty())
                .flatMap(asked -> reviewed(request, asked))
                .<Answer>map(Answer.Approval::new)
                .orElseGet(Answer.None::new);
    }

    private Optional<CertificateRequest> asked(CertificateSigningRequest request) {
        try {
            return Optional.of(signer.read(request.spec().request()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<AutoApproval> reviewed(CertificateSigningRequest request, CertificateRequest asked) {
        boolean own = request.spec().username().equals(asked.commonName());
        if (own && allowed(request, "selfnodeclient")) return Optional.of(AutoApproval.SELF);
        return allowed(request, "nodeclient") ? Optional.of(AutoApproval.NODE) : Optional.empty();
    }

    private boolean allowed(CertificateSigningRequest request, String subresource) {
        var review = SubjectAccessReview.builder()
                .spec(spec -> spec.user(request.spec().username())
                        .groups(request.spec().groups())
                        .uid(request.spec().uid())
                        .extra(request.spec().extra())
                        .resourceAttributes(attributes -> attributes
                                .group("certificates.k8s.io")
                                .resource("certificatesigningrequests")
                                .verb("create")
                                .subresource(subresource)
                                .version("*")));
        return client.create(Resources.SUBJECT_ACCESS_REVIEWS, review.build())
                .status()
                .allowed();
    }

    private Answer certificate(CertificateSigningRequest request, Instant now) {
        try {
            var asked = signer.read(request.spec().request());
            var problem = CertificateRules.problem(request, asked);
            if (problem.isPresent()) return new Answer.Failure(problem.get());
            var random = new byte[SERIAL_BYTES];
            serials.nextBytes(random);
            return new Answer.Certificate(signer.sign(
                    asked,
                    request.spec().usages(),
                    CertificateRules.validity(request),
                    now,
                    new BigInteger(1, random)));
        } catch (IllegalArgumentException e) {
            return new Answer.Failure(new CertificateRules.Problem(Objects.requireNonNullElse(e.getMessage(), "")));
        }
    }
}
