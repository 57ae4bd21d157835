package io.navarch.apiserver.admission;

import io.navarch.objects.View;
import java.util.Map;

/// Others who are asked about calls: webhooks, policies. They are asked without a lock; some of them take their time.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
public interface DynamicAdmission {
    /// Nobody is asked.
    DynamicAdmission NONE = new DynamicAdmission() {
        @Override
        public boolean mutates(AdmissionCall call) {
            return false;
        }

        @Override
        public boolean validates(AdmissionCall call) {
            return false;
        }

        @Override
        public Mutations mutations(AdmissionCall call, View old) {
            throw new IllegalStateException("nobody mutates");
        }

        @Override
        public void validate(AdmissionCall call, View object, View old) {}
    };

    /// Whether somebody may want to change what is written.
    boolean mutates(AdmissionCall call);

    /// Whether somebody may want to refuse it.
    boolean validates(AdmissionCall call);

    /// @param old absent where there is none
    Mutations mutations(AdmissionCall call, View old);

    /// @param object absent on deletion
    /// @throws io.navarch.objects.ApiException when somebody refuses
    void validate(AdmissionCall call, View object, View old);

    /// The changes of one write, which may be seen twice.
    interface Mutations {
        /// @param object is not changed
        /// @return the same, or another one
        /// @throws io.navarch.objects.ApiException when somebody refuses
        Map<String, Object> pass(Map<String, Object> object);

        /// A pass over what has no object: a deletion.
        void passNothing();

        /// Whether so much has changed that those who were asked before want to see it, once.
        boolean again();
    }
}
