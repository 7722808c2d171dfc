"""The product's pages with SAML mounted, as config.urls does where SAML_METADATA_URL is set."""

from accounts import saml
from config.urls import handler500
from config.urls import urlpatterns as pages

__all__ = ["handler500", "urlpatterns"]
urlpatterns = [*saml.urlpatterns, *pages]
