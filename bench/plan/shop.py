"""The server of the plans: nginx as the comparison with wrk has it, with a shop of fixed answers."""

from nginx import Nginx

LOCATIONS = """\
location = /login { default_type application/json;
  return 200 '{"user":"user-0001","token":"5f1c9e0a7b3d42688c1e0f9a7b6d5c4e","expires-in":3600}'; }
    location = /cart { default_type application/json;
      return 200 '{"id":"cart-118","items":[{"product":7,"quantity":3},{"product":12,"quantity":1}],"total":"81.60"}'; }
    location = /products { default_type application/json;
      return 200 '{"total":3,"products":[{"id":7,"name":"brass bowl"},{"id":9,"name":"lamp"},{"id":12,"name":"rug"}]}'; }
    location = /offers { default_type application/json; return 200 '{"offers":[{"product":9,"percent":15}]}'; }
    location = /orders { default_type application/json; return 201 '{"order":"order-4711","cart":"cart-118"}'; }"""


def shop(core):
    return Nginx(core, locations=LOCATIONS)
