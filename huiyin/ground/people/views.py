"""Signing in and out, one's own profile, password and presence."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from huiyin.ground.people import actions
from huiyin.ground.people.forms import PasswordForm, ProfileForm, SignInForm
from huiyin.ground.people.models import User
from huiyin.ground.people.words import Presence
from huiyin.ground.web.http import HuiyinRequest, by_script, client_address, remember_language

HOME = "/"


def local_path(wanted: str) -> str:
    """`wanted` if it is a path of this site, else the front page: no open redirect."""
    local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if local else HOME


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; once signed in, on to where one wanted to go. A script of a page whose
    session has ended asks whether it goes on, or signs in over the page."""
    wanted = local_path(request.POST.get("next") or request.GET.get("next") or HOME)
    if request.user.is_authenticated:
        return _signed_in(request) if by_script(request) else redirect(wanted)
    form = SignInForm(request.POST or None, address=client_address(request))
    if form.is_valid():
        assert form.user is not None
        login(request, form.user)
        answer = _signed_in(request) if by_script(request) else redirect(wanted)
        remember_language(answer, form.user.language)
        return answer
    if by_script(request):
        faults = [sentence for told in form.errors.values() for sentence in told]
        status = form.status if form.is_bound else 401
        return HttpResponse(faults[:1], status=status, content_type="text/plain; charset=utf-8")
    context = {
        "form": form,
        "next": wanted,
        "demo_accounts": demo_accounts(),
        "demo_password": getattr(settings, "DEMO_PASSWORD", ""),
    }
    status = form.status if form.is_bound else 200
    return render(request, "people/sign_in.html", context, status=status)


def _signed_in(request: HttpRequest) -> HttpResponse:
    """Who it is now, and the token that forms of the page need from here on."""
    told = {"X-User": str(request.user.pk), "X-CSRFToken": get_token(request)}
    return HttpResponse(status=204, headers=told)


def demo_accounts() -> list[User]:
    """Whom a visitor of the demonstration may be; nobody anywhere else."""
    if not settings.DEMO:
        return []
    shown = User.objects.active().filter(is_demo=True)
    # Colleagues who only do work in the demo have no password: nobody can be one of them.
    return list(shown.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("people:sign_in")


@login_required
def profile(request: HuiyinRequest) -> HttpResponse:
    """Name, address, language and look."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        user = form.save()
        messages.success(request, _("资料已保存"))
        answer = redirect("people:profile")
        remember_language(answer, user.language)
        return answer
    if form.is_bound:
        request.user.refresh_from_db()  # the frame shows the person as he is, not as he typed
    context = {"form": form, "password_form": PasswordForm(user=request.user)}
    return render(request, "people/profile.html", context, status=422 if form.is_bound else 200)


@login_required
@sensitive_post_parameters("old", "new", "again")
def password(request: HuiyinRequest) -> HttpResponse:
    """Change the password; this session goes on, all others end."""
    form = PasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        update_session_auth_hash(request, request.user)
        messages.success(request, _("密码已修改，其他设备上的登录已全部退出"))
        return redirect("people:profile")
    return render(
        request, "people/password.html", {"form": form}, status=422 if form.is_bound else 200
    )


@login_required
@require_POST
def presence(request: HuiyinRequest) -> HttpResponse:
    """Say whether one takes work now; back to the page one came from."""
    actions.set_presence(request.user, request.POST.get("presence", ""))
    messages.success(
        request, _("已切换为“%(presence)s”") % {"presence": Presence(request.user.presence).label}
    )
    return redirect(local_path(request.POST.get("next", HOME)))
