/* Shows what needs passkeys only where the browser has them, and says when one did not work. */
(function () {
  document.addEventListener('DOMContentLoaded', function () {
    if (!window.PublicKeyCredential) return
    document.querySelectorAll('.passkey[hidden]').forEach(function (element) { element.hidden = false })
  })
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    const words = document.getElementById('passkey_failed')
    if (words) words.hidden = false
  })
})()
