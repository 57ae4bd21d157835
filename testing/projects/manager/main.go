// A program as operators are written: a manager of controller-runtime with a custom resource, a lease that one of
// several holds, and webhooks over TLS that default and validate.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

const finalizer = "projects.example.com/harbour"

type harbour struct {
	client.Client
	name string
}

// A boat has a ConfigMap of its name that says how many sails, and is afloat from then on.
func (h *harbour) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	var boat Boat
	if err := h.Get(ctx, request.NamespacedName, &boat); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !boat.DeletionTimestamp.IsZero() {
		if controllerutil.RemoveFinalizer(&boat, finalizer) {
			return ctrl.Result{}, h.Update(ctx, &boat)
		}
		return ctrl.Result{}, nil
	}
	if controllerutil.AddFinalizer(&boat, finalizer) {
		return ctrl.Result{}, h.Update(ctx, &boat)
	}
	papers := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: boat.Namespace, Name: boat.Name}}
	if _, err := controllerutil.CreateOrUpdate(ctx, h.Client, papers, func() error {
		papers.Data = map[string]string{"sails": fmt.Sprint(boat.Spec.Sails)}
		return controllerutil.SetControllerReference(&boat, papers, h.Scheme())
	}); err != nil {
		return ctrl.Result{}, err
	}
	if boat.Status.Phase == "Afloat" {
		return ctrl.Result{}, nil
	}
	boat.Status = BoatStatus{Phase: "Afloat", By: h.name}
	return ctrl.Result{}, h.Status().Update(ctx, &boat)
}

type shipyard struct{}

func (shipyard) Default(_ context.Context, boat *Boat) error {
	if boat.Spec.Sails == 0 {
		boat.Spec.Sails = 3
	}
	return nil
}

func check(boat *Boat) (admission.Warnings, error) {
	if boat.Spec.Sails > 10 {
		return nil, fmt.Errorf("a boat with %d sails does not float", boat.Spec.Sails)
	}
	if boat.Spec.Sails > 5 {
		return admission.Warnings{"many sails"}, nil
	}
	return nil, nil
}

func (shipyard) ValidateCreate(_ context.Context, boat *Boat) (admission.Warnings, error) {
	return check(boat)
}

func (shipyard) ValidateUpdate(_ context.Context, _, boat *Boat) (admission.Warnings, error) {
	return check(boat)
}

func (shipyard) ValidateDelete(context.Context, *Boat) (admission.Warnings, error) {
	return nil, nil
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	name := flag.String("name", "", "who this is")
	port := flag.Int("port", 9443, "of the webhooks; 0 for none")
	certificates := flag.String("certificates", "", "folder with tls.crt and tls.key")
	flag.Parse()
	ctrl.SetLogger(zap.New())
	scheme := runtime.NewScheme()
	fail(clientgoscheme.AddToScheme(scheme))
	addToScheme(scheme)
	manager, err := ctrl.NewManager(ctrl.GetConfigOrDie(), ctrl.Options{
		Scheme:                        scheme,
		LeaderElection:                true,
		LeaderElectionID:              "harbour.projects.example.com",
		LeaderElectionNamespace:       "default",
		LeaderElectionReleaseOnCancel: true,
		Metrics:                       metricsserver.Options{BindAddress: "0"},
		WebhookServer: webhook.NewServer(webhook.Options{
			Host: "127.0.0.1", Port: *port, CertDir: *certificates,
		}),
	})
	fail(err)
	fail(ctrl.NewControllerManagedBy(manager).For(&Boat{}).Owns(&corev1.ConfigMap{}).
		Complete(&harbour{manager.GetClient(), *name}))
	if *port != 0 {
		fail(ctrl.NewWebhookManagedBy(manager, &Boat{}).WithDefaulter(shipyard{}).WithValidator(shipyard{}).Complete())
	}
	fail(manager.Start(ctrl.SetupSignalHandler()))
}
