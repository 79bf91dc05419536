"""What the fork server loads first."""

from tongbao.run.bound import begin_warm_parent

begin_warm_parent()
